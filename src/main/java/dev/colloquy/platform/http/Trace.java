package dev.colloquy.platform.http;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A throwable for the log, in one line: types and places only. Its messages may hold what people
 * said, as those of the database do.
 */
final class Trace {
  private static final int MAX_CAUSES = 5;
  private static final int MAX_FRAMES = 16;

  private Trace() {}

  static String of(Throwable thrown) {
    var line = new StringBuilder();
    var key = "error=";
    var e = thrown;
    for (var i = 0; e != null && i < MAX_CAUSES; i++) {
      line.append(key).append(e.getClass().getName());
      if (e instanceof SQLException sql) {
        line.append(" state=").append(sql.getSQLState());
      }
      line.append(" at=").append(frames(e));
      key = " cause=";
      e = e.getCause();
    }
    return line.toString();
  }

  private static String frames(Throwable e) {
    return Arrays.stream(e.getStackTrace())
        .limit(MAX_FRAMES)
        .map(f -> f.getClassName() + "." + f.getMethodName() + ":" + f.getLineNumber())
        .collect(Collectors.joining("<"));
  }
}
