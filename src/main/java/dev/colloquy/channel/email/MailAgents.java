package dev.colloquy.channel.email;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.skill.EmailConfig;
import dev.colloquy.skill.EmailSkill;
import dev.colloquy.skill.SkillName;
import dev.colloquy.skill.SkillStatus;
import dev.colloquy.skill.Skills;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Which agents a mail is for, and how they are reached. */
@Singleton
final class MailAgents {
  private final Skills skills;
  private final EmailConfig config;
  private final MailThreads threads;

  MailAgents(Skills skills, EmailConfig config, MailThreads threads) {
    this.skills = skills;
    this.config = config;
    this.threads = threads;
  }

  /**
   * Those whose address it was delivered to; where the server noted none, those whom it is
   * addressed to; else whose thread it belongs to.
   */
  List<KeyOwner.OfAgent> of(Handle tx, Mail mail) {
    var delivered = known(tx, mail.envelope());
    var addressed = delivered.isEmpty() ? known(tx, mail.recipients()) : delivered;
    return addressed.isEmpty() ? threads.agent(tx, mail).stream().toList() : addressed;
  }

  private List<KeyOwner.OfAgent> known(Handle tx, List<String> addresses) {
    return addresses.stream()
        .map(ThreadAddresses::plain)
        .distinct()
        .flatMap(address -> skills.byAddress(tx, SkillName.EMAIL, address).stream())
        .distinct()
        .toList();
  }

  /** Whether the agent was told not to use e-mail. */
  boolean isSwitchedOff(Handle tx, KeyOwner.OfAgent agent) {
    return skills.shown(tx, agent.agent()).stream()
        .anyMatch(
            skill -> skill instanceof EmailSkill email && email.status() == SkillStatus.INACTIVE);
  }

  /** The address that the agent answers from: its own, else the one that was written to. */
  Optional<String> address(Handle tx, KeyOwner.OfAgent agent, Mail mail) {
    return skills
        .email(tx, agent.agent())
        .map(EmailSkill::email)
        .or(() -> mail.allRecipients().stream().map(ThreadAddresses::plain).findFirst());
  }

  /** How many mails one correspondent of the agent's gets within an hour. */
  int mailsPerHour(Handle tx, KeyOwner.OfAgent agent) {
    return skills
        .email(tx, agent.agent())
        .map(EmailSkill::mailsPerHour)
        .orElse(config.mailsPerHour());
  }

  /** Whether the address is that of an agent, who is not to be talked to by another one. */
  boolean isAgent(Handle tx, MailAddress address) {
    var plain = ThreadAddresses.plain(address.address());
    return config.sender().map(plain::equalsIgnoreCase).orElse(false)
        || skills.byAddress(tx, SkillName.EMAIL, plain).isPresent();
  }
}
