package dev.colloquy.platform.http;

import org.jspecify.annotations.Nullable;

/**
 * Which page is asked for.
 *
 * @param page from 1
 * @param pageSize from 1 to 100
 * @param cursor where the page begins, in the place of {@code page}; null where none was given
 */
public record PageRequest(long page, int pageSize, @Nullable Cursor cursor) {
  /** How many items a page has where nothing is asked. */
  public static final int DEFAULT_SIZE = 20;

  /** How many items a page has at most; more is cut to this. */
  public static final int MAX_SIZE = 100;

  /**
   * Reads the three parameters as a query has them.
   *
   * @throws ApiException 400 naming the one that is wrong
   */
  public static PageRequest of(
      @Nullable String page, @Nullable String pageSize, @Nullable String cursor) {
    return new PageRequest(
        QueryText.positive("page", page, 1),
        QueryText.atMost("pageSize", pageSize, MAX_SIZE, DEFAULT_SIZE),
        Cursor.parse(cursor));
  }

  /** How many items come before a page that is reached by its number. */
  public long offset() {
    return (page - 1) * pageSize;
  }
}
