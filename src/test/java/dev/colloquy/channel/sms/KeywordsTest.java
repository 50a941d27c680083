package dev.colloquy.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.skill.SmsConfig;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeywordsTest {
  private final Keywords keywords =
      new Keywords(
          config(
              Map.of("stopWords", "genug; lass mich", "startWords", "weiter", "helpWords", "?")));

  /** The settings with some of them set. */
  private static SmsConfig config(Map<String, String> words) {
    return (SmsConfig)
        Proxy.newProxyInstance(
            SmsConfig.class.getClassLoader(),
            new Class<?>[] {SmsConfig.class},
            (_, method, _) ->
                Optional.ofNullable(words.get(method.getName()))
                    .map(text -> List.of(text.split("; "))));
  }

  private static InboundSms message(String body, String optOut) {
    return new InboundSms("SM1", "+12125550123", "+12125550100", body, List.of(), optOut);
  }

  @ParameterizedTest
  @CsvSource({
    "STOP, STOP",
    "stop, STOP",
    "' Stop. ', STOP",
    "STOP!!!, STOP",
    "\"stop\", STOP",
    "stop 😡, STOP",
    "ＳＴＯＰ, STOP",
    "Stop all, STOP",
    "STOPALL, STOP",
    "unsubscribe, STOP",
    "Cancel, STOP",
    "end, STOP",
    "quit, STOP",
    "revoke, STOP",
    "opt-out, STOP",
    "Opt out, STOP",
    "ARRÊT, STOP",
    "arret, STOP",
    "Baja, STOP",
    "Abmelden, STOP",
    "STOPP, STOP",
    "sair, STOP",
    "start, START",
    "UNSTOP, START",
    "yes, YES",
    "Yes!, YES",
    "HELP, HELP",
    "info, HELP",
    "Hilfe!, HELP",
    "ayuda, HELP",
    "aide, HELP",
    "Genug, STOP",
    "lass mich!, STOP",
    "weiter, START"
  })
  void aMessageThatIsAWordIsKnown(String body, Keywords.Meaning meaning) {
    assertThat(keywords.find(message(body, "")).map(Keywords.Keyword::meaning)).contains(meaning);
  }

  @ParameterizedTest
  @CsvSource({
    "Please stop",
    "stop it",
    "Where is the bus stop?",
    "When does it end",
    "yes please",
    "I need help",
    "help me",
    "ok",
    "''",
    "?",
    "123",
    "unstoppable",
    "cancel my order"
  })
  void otherMessagesAreNone(String body) {
    assertThat(keywords.find(message(body, ""))).isEmpty();
  }

  @Test
  void whatTheGatewaySaysCountsFirst() {
    var found = keywords.find(message("no more of this", "STOP")).orElseThrow();
    assertThat(found.meaning()).isEqualTo(Keywords.Meaning.STOP);
    assertThat(found.isAnswered()).isTrue();
    assertThat(keywords.find(message("yes", "START")).orElseThrow().meaning())
        .isEqualTo(Keywords.Meaning.START);
    assertThat(keywords.find(message("stop", "")).orElseThrow().isAnswered()).isFalse();
  }
}
