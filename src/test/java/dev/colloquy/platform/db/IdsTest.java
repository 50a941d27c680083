package dev.colloquy.platform.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdsTest {
  @Test
  void anIdSaysWhenItWasMade() {
    var before = System.currentTimeMillis();
    var id = Ids.next();
    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16)
        .isBetween(before, System.currentTimeMillis() + 1_000);
  }

  @Test
  void idsGrowAsTextAlsoWithinAMillisecondAndNoneComesTwice() throws Exception {
    Callable<Boolean> many =
        () -> {
          var ids = IntStream.range(0, 20_000).mapToObj(_ -> Ids.next().toString()).toList();
          return ids.equals(ids.stream().sorted(Comparator.naturalOrder()).distinct().toList());
        };
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var grew : threads.invokeAll(IntStream.range(0, 4).mapToObj(_ -> many).toList())) {
        assertThat(grew.get()).isTrue();
      }
    }
  }

  @Test
  void onlyWhatLooksLikeAnIdIsOne() {
    var id = UUID.randomUUID();
    assertThat(Ids.parse(id.toString())).contains(id);
    assertThat(Ids.parse("1-1-1-1-1")).isEmpty();
    assertThat(Ids.parse("x".repeat(36))).isEmpty();
    assertThat(Ids.parse(null)).isEmpty();
  }
}
