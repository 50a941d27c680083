package dev.colloquy.platform.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.exc.StreamReadException;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a body as a text, whatever it was to be read as.
 *
 * @param field the body, or the field that is there twice
 */
public record BrokenText(String field, String message) {
  private static final String BODY = "body";

  /** What was wrong, in our own words. */
  public static BrokenText of(StreamReadException e) {
    // Both are known by the library's words only.
    var said = e.getOriginalMessage();
    if (said.startsWith("Duplicate field ")) {
      @Nullable JsonParser parser = e.getProcessor();
      return new BrokenText(parser == null ? BODY : path(parser), "is there twice");
    }
    var what = said.startsWith("Invalid UTF-8") ? "is not valid UTF-8" : "is not valid JSON";
    var place = e.getLocation();
    return new BrokenText(
        BODY,
        place == null || place.getLineNr() < 1
            ? what
            : "%s, see line %d, column %d".formatted(what, place.getLineNr(), place.getColumnNr()));
  }

  private static String path(JsonParser parser) {
    var path = new StringBuilder();
    for (@Nullable JsonStreamContext at = parser.getParsingContext();
        at != null && !at.inRoot();
        at = at.getParent()) {
      path.insert(
          0,
          at.inArray()
              ? "[" + at.getCurrentIndex() + "]"
              : (at.getParent() == null || at.getParent().inRoot() ? "" : ".")
                  + at.getCurrentName());
    }
    return path.toString();
  }
}
