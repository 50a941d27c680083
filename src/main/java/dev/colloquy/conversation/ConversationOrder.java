package dev.colloquy.conversation;

/** What a list of conversations can be sorted by. */
enum ConversationOrder {
  CREATED_AT("createdAt", "c.created_at", "c.id"),
  UPDATED_AT("updatedAt", "a.updated_at", "a.conversation_id");

  private final String parameter;
  private final String timeColumn;
  private final String idColumn;

  ConversationOrder(String parameter, String timeColumn, String idColumn) {
    this.parameter = parameter;
    this.timeColumn = timeColumn;
    this.idColumn = idColumn;
  }

  String timeColumn() {
    return timeColumn;
  }

  String idColumn() {
    return idColumn;
  }

  @Override
  public String toString() {
    return parameter;
  }
}
