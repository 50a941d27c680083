package dev.colloquy.knowledge;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The settings of knowledge, {@code colloquy.knowledge.*}. */
@ConfigMapping(prefix = "colloquy.knowledge")
public interface KnowledgeConfig {
  /** How much memory the documents of the agents asked lately may take. Default 64 MiB. */
  @WithDefault("64M")
  MemorySize cacheSize();
}
