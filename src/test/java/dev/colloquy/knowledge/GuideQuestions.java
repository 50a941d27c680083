package dev.colloquy.knowledge;

import java.util.List;

/** Questions as people ask them about docs/guide.md, and others that it does not answer. */
public final class GuideQuestions {
  private GuideQuestions() {}

  /**
   * A question that the guide answers.
   *
   * @param heading words of the heading under which the answer stands
   * @param answer words that an answer must hold
   */
  public record Answered(String question, String heading, String answer) {}

  public static final List<Answered> ANSWERED =
      List.of(
          a("How do I create a user?", "Users", "/external/users"),
          a("Which header do I put my key in?", "Keys", "Agent-Secret-Key"),
          a("I lost my API key, can I see it again?", "Keys", "make a new one"),
          a("What status do I get for a wrong key?", "Keys|Errors", "403"),
          a("How do I find a user by my own customer id?", "Finding a user", "fkId"),
          a("How can I delete a user?", "Deleting a user", "DELETE /external/users/{id}"),
          a("What does skipEmailValidation do?", "Users", "skipEmailValidation"),
          a("What format must phone numbers have?", "Users", "E.164"),
          a("How do I open a conversation?", "Conversations", "/external/conversations"),
          a("How do I send a message?", "Sending a message", "/messages"),
          a("How do I poll for the reply?", "without waiting", "response-on"),
          a("What does pending mean?", "without waiting", "no reply yet"),
          a("How can I send a message without waiting for the answer?", "without waiting", "async"),
          a("How does a human take over a conversation?", "Taking over", "\"mode\": \"manual\""),
          a(
              "How do I give the conversation back to the AI?",
              "Taking over",
              "set the mode to `ai`"),
          a("How do I send an SMS to a customer?", "Writing to a customer", "smsIntroduction"),
          a("Can the agent phone somebody?", "Writing to a customer", "voice"),
          a("How do I start a conversation by e-mail?", "Writing to a customer", "emailSubject"),
          a("What is resetConversation for?", "Writing to a customer", "resetConversation"),
          a(
              "Where do e-mails go when I have no mail server?",
              "captured outbox",
              "captured outbox"),
          a("How do I look at the outbox?", "captured outbox", "/admin/outbox"),
          a("How do I store a thumbs down?", "Feedback", "voteType"),
          a("How large can a page be?", "Pages", "100"),
          a("How do I use nextCursor?", "Pages", "?cursor="),
          a("What does 429 mean?", "Errors|Limits", "429"),
          a("What is in an error response?", "Errors", "same four fields"),
          a("How do I configure an OpenAI key?", "Models", "COLLOQUY_MODEL_OPENAI_API_KEY"),
          a("what is builtin:extractive", "Models", "builtin:extractive"),
          a("Can I use a local model with ollama?", "Models", "ollama"),
          a("How do I create an agent?", "Creating and changing an agent", "/external/agents"),
          a("What is the maximum length of a title?", "Limits", "255"),
          a("colloquy.data-dir", "Where the data", "colloquy.data-dir"),
          a("How do I use my own PostgreSQL?", "Where the data", "colloquy.database.url"),
          a("How can I retry a request safely?", "Repeating a request", "Idempotency-Key"),
          a("When is a conversation closed?", "Conversations", "10 minutes"),
          a(
              "How do I delete all conversations of a user?",
              "Conversations",
              "DELETE /external/conversations"),
          a(
              "Which documents did the agent use for its reply?",
              "waiting for the answer",
              "fileCitations"),
          a(
              "Is my message lost if the server crashes?",
              "waiting for the answer",
              "survives a crash"),
          a(
              "What happens when I set the mode to manual while the agent is writing?",
              "Taking over",
              "thrown away"),
          a("Where is the OpenAPI document?", "Using Colloquy", "/external/docs/openapi.json"));

  public static final List<String> UNANSWERED =
      List.of(
          "What does Colloquy cost per month?",
          "How do I cancel my subscription?",
          "What is the capital of France?",
          "Can I pay with a credit card?",
          "How do I reset my password?",
          "Does it support two-factor authentication?",
          "How do I install it on Kubernetes with Helm?",
          "Which languages does the mobile app support?",
          "Who is the CEO of the company?",
          "How do I connect Salesforce?",
          "What is your refund policy?",
          "How do I bake bread?",
          "Is there a Python SDK?",
          "What is the weather in Berlin tomorrow?",
          "How do I change the colour of the chat button?",
          "Can I export all data to Excel?",
          "Do you have an office in London?",
          "How do I write a regular expression for dates?",
          "Is the service GDPR certified?",
          "How many employees do you have?",
          "What are your opening hours?",
          "How do I translate a conversation into Spanish?",
          "How do I send a fax?",
          "Can it transcribe video recordings?",
          "Write me a poem about the sea",
          "What is the meaning of life?",
          "How do I upgrade my laptop's memory?",
          "Where can I download the Android app?",
          "How do I configure LDAP single sign-on?",
          "What is 17 times 23?");

  /** Asked only after the threshold was chosen. */
  public static final List<String> OTHER_ANSWERED =
      List.of(
          "How do I list the messages of a conversation?",
          "Can two agents share one user?",
          "How do I rename a conversation?",
          "What is a conversation state?",
          "How do I look up which agent my key belongs to?",
          "Where do I find the request id?",
          "Is an unknown field in the body an error?",
          "How do I change the instructions of an agent?",
          "Which version of PostgreSQL is needed?",
          "Can a person answer instead of the agent?");

  /** Asked only after the threshold was chosen. */
  public static final List<String> OTHER_UNANSWERED =
      List.of(
          "How do I play chess?",
          "Do you ship to Australia?",
          "How tall is Mount Everest?",
          "How do I integrate with WhatsApp?",
          "What is the SLA for uptime?",
          "How do I print an invoice?",
          "Can I schedule a meeting with sales?",
          "Which GPU do I need?",
          "How do I change my billing address?",
          "Who won the football match yesterday?");

  private static Answered a(String question, String heading, String answer) {
    return new Answered(question, heading, answer);
  }
}
