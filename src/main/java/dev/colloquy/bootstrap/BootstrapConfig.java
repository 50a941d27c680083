package dev.colloquy.bootstrap;

import dev.colloquy.apikey.SecretKey;
import io.smallrye.config.ConfigMapping;
import jakarta.validation.constraints.Pattern;
import java.util.Optional;

/**
 * Fixed keys for the first start, {@code colloquy.bootstrap.*}: 8 to 200 printable ASCII characters
 * without spaces. They are read when the database is empty and never after; a key that is absent
 * then is made and printed once.
 */
@ConfigMapping(prefix = "colloquy.bootstrap")
public interface BootstrapConfig {
  /** The demo agent's key. */
  Optional<@Pattern(regexp = SecretKey.FORM, message = SecretKey.FORM_IN_WORDS) String> agentKey();

  /** The demo organization's key. */
  Optional<@Pattern(regexp = SecretKey.FORM, message = SecretKey.FORM_IN_WORDS) String>
      organizationKey();

  /** The super-admin key. */
  Optional<@Pattern(regexp = SecretKey.FORM, message = SecretKey.FORM_IN_WORDS) String>
      superAdminKey();

  /** Kept for the MCP server, which does not exist yet: accepted and not used. */
  Optional<@Pattern(regexp = SecretKey.FORM, message = SecretKey.FORM_IN_WORDS) String> mcpKey();
}
