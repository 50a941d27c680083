package dev.colloquy.user;

import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.http.ApiException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** The one door to an organization's users. Every method runs in the caller's transaction. */
public final class Users {
  private static final String CONTACT = "contact";
  // unique_violation (PostgreSQL, Appendix A).
  private static final String TAKEN = "23505";

  private Users() {}

  /** The organization's user of that id; 404 also for another organization's. */
  public static User require(Handle tx, OrganizationId organization, UserId id) {
    return UserRepository.find(tx, organization, id).orElseThrow(ApiException::notFound);
  }

  /** As {@link #require}; until the transaction ends nobody deletes the user. */
  public static User requireKept(Handle tx, OrganizationId organization, UserId id) {
    UserRepository.keep(tx, id);
    return require(tx, organization, id);
  }

  /** Stores a new user; 400 naming the contact that another user has already. */
  static User create(Handle tx, OrganizationId organization, User user) {
    if (!UserRepository.insert(tx, organization, user)) {
      throw ApiException.badField(takenField(tx, organization, user), "user already exists");
    }
    return user;
  }

  private static String takenField(Handle tx, OrganizationId organization, User user) {
    var email = new Contacts(null, user.email(), null);
    if (user.email() != null && UserRepository.findByAll(tx, organization, email).isPresent()) {
      return "email";
    }
    var phone = new Contacts(null, null, user.phoneNumber());
    return user.phoneNumber() != null
            && UserRepository.findByAll(tx, organization, phone).isPresent()
        ? "phoneNumber"
        : "fkId";
  }

  /**
   * The user with the asked user's fkId, else its e-mail, else its phone number, completed by what
   * is asked; or the asked user, newly stored. Two who ask at once get the same one.
   */
  public static User findOrCreate(Handle tx, OrganizationId organization, User asked) {
    var contacts = new Contacts(asked.fkId(), asked.email(), asked.phoneNumber());
    var known = UserRepository.findByFirst(tx, organization, contacts);
    if (known.isEmpty()) {
      if (UserRepository.insert(tx, organization, asked)) {
        return asked;
      }
      known = UserRepository.findByFirst(tx, organization, contacts);
    }
    var user = known.orElseThrow(() -> new IllegalStateException("a user came and went"));
    UserRepository.complete(tx, user.id(), asked);
    if (user.email() == null && contacts.email() != null) {
      unlessTaken(tx, () -> UserRepository.addEmail(tx, user.id(), contacts));
    }
    if (user.phoneNumber() == null && contacts.phoneNumber() != null) {
      unlessTaken(tx, () -> UserRepository.addPhoneNumber(tx, user.id(), contacts));
    }
    if (user.fkId() == null && contacts.fkId() != null) {
      unlessTaken(tx, () -> UserRepository.addFkId(tx, user.id(), contacts));
    }
    return require(tx, organization, user.id());
  }

  /** The organization's user with the number, in E.164. */
  public static Optional<User> findByPhone(
      Handle tx, OrganizationId organization, String phoneNumber) {
    return UserRepository.findByFirst(tx, organization, new Contacts(null, null, phoneNumber));
  }

  /** Adds a contact, unless another user has it already or is just being given it. */
  private static void unlessTaken(Handle tx, Runnable add) {
    tx.savepoint(CONTACT);
    try {
      add.run();
      tx.releaseSavepoint(CONTACT);
    } catch (UnableToExecuteStatementException e) {
      if (!(e.getCause() instanceof SQLException sql) || !TAKEN.equals(sql.getSQLState())) {
        throw e;
      }
      tx.rollbackToSavepoint(CONTACT);
    }
  }

  static List<String> conversationIds(Handle tx, UserId user, AgentId agent) {
    return UserRepository.conversationIds(tx, user, agent);
  }
}
