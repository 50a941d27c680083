package dev.colloquy.platform.http;

import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list. Reached by number, it counts the whole list; reached by a cursor, it does not
 * (the counts are left out), so that its cost is the same at any depth.
 *
 * @param currentPage from 1; null by cursor
 * @param totalItems null by cursor
 * @param totalPages null by cursor
 * @param hasPreviousPage null by cursor
 * @param nextCursor asks for the next page; null on the last one
 */
public record Page<T>(
    @Schema(description = "From 1; left out when a cursor was given.") @Nullable Long currentPage,
    @Schema(description = "How many items a page has, at most 100.", required = true) int pageSize,
    @Schema(description = "Left out when a cursor was given.") @Nullable Long totalItems,
    @Schema(description = "Left out when a cursor was given.") @Nullable Long totalPages,
    @Schema(required = true) boolean hasNextPage,
    @Schema(description = "Left out when a cursor was given.") @Nullable Boolean hasPreviousPage,
    @Schema(
            description =
                "Beyond the published API: give it as cursor to get the next page at a cost that"
                    + " does not grow with depth; left out on the last page.")
        @Nullable String nextCursor,
    @Schema(required = true) List<T> data) {

  /** A page that was reached by its number. */
  public static <T> Page<T> numbered(
      PageRequest request, long totalItems, List<T> data, @Nullable String nextCursor) {
    var pages = (totalItems + request.pageSize() - 1) / request.pageSize();
    return new Page<>(
        request.page(),
        request.pageSize(),
        totalItems,
        pages,
        request.page() < pages,
        request.page() > 1,
        request.page() < pages ? nextCursor : null,
        data);
  }

  /** A page that was reached by a cursor. */
  public static <T> Page<T> after(
      PageRequest request, boolean hasNext, List<T> data, @Nullable String nextCursor) {
    return new Page<>(
        null, request.pageSize(), null, null, hasNext, null, hasNext ? nextCursor : null, data);
  }

  /** Reads some rows of a list. */
  @FunctionalInterface
  public interface Rows<T> {
    /**
     * The rows from a place on.
     *
     * @param after where they begin; null: at the list's beginning
     * @param offset how many rows from there are left out
     */
    List<T> read(@Nullable Cursor after, int limit, long offset);
  }

  /**
   * The page that was asked for.
   *
   * @param total counts the whole list; not asked where a cursor is given
   * @param place where the rows after a row begin
   */
  public static <T> Page<T> of(
      PageRequest request, LongSupplier total, Rows<T> rows, Function<T, Cursor> place) {
    var size = request.pageSize();
    if (request.cursor() == null) {
      var page = rows.read(null, size, request.offset());
      return numbered(request, total.getAsLong(), page, next(page, place));
    }
    var found = rows.read(request.cursor(), size + 1, 0);
    var page = found.subList(0, Math.min(size, found.size()));
    return after(request, found.size() > size, page, next(page, place));
  }

  private static <T> @Nullable String next(List<T> page, Function<T, Cursor> place) {
    return page.isEmpty() ? null : place.apply(page.getLast()).text();
  }

  /** The same page of something else. */
  public <U> Page<U> map(Function<T, U> change) {
    return new Page<>(
        currentPage,
        pageSize,
        totalItems,
        totalPages,
        hasNextPage,
        hasPreviousPage,
        nextCursor,
        data.stream().map(change).toList());
  }
}
