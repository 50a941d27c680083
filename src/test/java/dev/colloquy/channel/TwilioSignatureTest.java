package dev.colloquy.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TwilioSignatureTest {
  // The example of Twilio's documentation, and the signature that its libraries test it with.
  private static final String URL = "https://mycompany.com/myapp.php?foo=1&bar=2";
  private static final String TOKEN = "12345";
  private static final String SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
  private static final String FIELDS =
      "CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212"
          + "&Caller=%2B14158675309";

  @Test
  void theDocumentedExampleIsSignedAsDocumented() {
    assertThat(TwilioSignature.of(TOKEN, URL, Form.parse(FIELDS))).isEqualTo(SIGNATURE);
    assertThat(TwilioSignature.isValid(TOKEN, URL, Form.parse(FIELDS), SIGNATURE)).isTrue();
  }

  @Test
  void whatIsChangedIsNotSigned() {
    var form = Form.parse(FIELDS);
    assertThat(TwilioSignature.isValid("12346", URL, form, SIGNATURE)).isFalse();
    assertThat(TwilioSignature.isValid(TOKEN, URL + "3", form, SIGNATURE)).isFalse();
    assertThat(TwilioSignature.isValid(TOKEN, URL, Form.parse(FIELDS + "&a=b"), SIGNATURE))
        .isFalse();
    assertThat(TwilioSignature.isValid(TOKEN, URL, form, "")).isFalse();
    assertThat(TwilioSignature.isValid(TOKEN, URL, form, SIGNATURE + "=")).isFalse();
  }

  @Test
  void aFormIsReadAsItIsWritten() {
    var form = Form.parse("Body=Hello+w%C3%B6rld+%26+all&Empty=&Flag&a=2&a=1&bad=%zz&=x");

    assertThat(form.text("Body")).isEqualTo("Hello wörld & all");
    assertThat(form.find("Empty")).isEmpty();
    assertThat(form.text("Flag")).isEmpty();
    assertThat(form.text("absent")).isEmpty();
    assertThat(form.fields().get("a")).isEqualTo(List.of("2", "1"));
    assertThat(form.text("bad")).isEqualTo("%zz");
    assertThat(Form.parse("x=a%00b").text("x")).isEqualTo("a\uFFFDb");
    assertThat(Form.parse(Form.write(Map.of("Body", "a&b=c +ü😀"))).text("Body"))
        .isEqualTo("a&b=c +ü😀");
  }
}
