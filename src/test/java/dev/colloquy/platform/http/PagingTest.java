package dev.colloquy.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parameters of lists, which are the same everywhere. */
@ServerTest
class PagingTest {
  private static io.restassured.response.Response list(String path, String name, String value) {
    return Api.superAdmin().request().queryParam(name, value).get(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"101", "2147483647", "2147483648", "99999999999999999999999999"})
  void aLargePageIsCut(String pageSize) {
    var answer = list("/admin/deliveries", "pageSize", pageSize);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.<Integer>path("pageSize")).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({
    "pageSize, 0, from 1 on",
    "pageSize, -2147483649, from 1 on",
    "pageSize, 1.5, from 1 on",
    "pageSize, ١, from 1 on",
    "pageSize, １, from 1 on",
    "page, ١, from 1 to 2147483647",
    "page, 2147483648, from 1 to 2147483647",
    "page, 99999999999999999999999999, from 1 to 2147483647",
    "page, 0x1, from 1 to 2147483647"
  })
  void whatIsNoNumberFromOneOnIsRefused(String name, String value, String range) {
    var answer = list("/admin/deliveries", name, value);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.<String>path("details[0].field")).isEqualTo(name);
    assertThat(answer.<String>path("details[0].message"))
        .isEqualTo("must be a whole number " + range);
  }

  @ParameterizedTest
  @CsvSource({"/admin/deliveries, status", "/admin/deliveries, channel", "/admin/inbound, status"})
  void whatOneOfSomeNamesMayBeIsSaid(String path, String name) {
    var answer = list(path, name, "x");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.<String>path("details[0].field")).isEqualTo(name);
    var said = answer.<String>path("details[0].message");
    assertThat(said).startsWith("must be one of ");
    for (var value : List.of(said.substring("must be one of ".length()).split(", "))) {
      assertThat(list(path, name, value).statusCode()).as(value).isEqualTo(200);
    }
  }
}
