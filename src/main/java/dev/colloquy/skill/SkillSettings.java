package dev.colloquy.skill;

import org.jspecify.annotations.Nullable;

/**
 * What can be set of a skill. Secrets are among it where it is used or written, and never where it
 * is shown.
 */
public sealed interface SkillSettings permits EmailSkill, SmsSkill, VoiceSkill {
  /** Which skill it is. */
  SkillName name();

  /** Whether the agent uses it; null counts as active. */
  @Nullable SkillStatus status();

  /** Where people reach the agent: an e-mail address in lower case or a number in E.164. */
  @Nullable String address();

  /** The same as it is shown: without secrets. */
  SkillSettings withoutSecrets();

  /** The same, with those of the old one's secrets that it leaves out. */
  SkillSettings withSecretsOf(SkillSettings old);
}
