package dev.colloquy.channel.captured;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import dev.colloquy.testing.Unique;
import io.restassured.RestAssured;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser: {@code ./colloquy test browser}, which needs Chromium. */
@ServerTest
class ChannelsPageBrowserTest {
  private static final Path PICTURES = Path.of("target/browser");
  private static final double SOON = 20_000; // milliseconds
  private static final String REPLY =
      """
      It is **on its way**, and arrives on Tuesday:

      | parcel | from | day |
      |---|---|---|
      | 1 of 2 | Rotterdam | Monday |
      | 2 of 2 | Antwerp | Tuesday |

      See https://example.com/track for more.\
      """;

  @TempDir Path profile;
  StubModelServer model;
  private final List<String> elsewhere = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private Playwright playwright;
  private BrowserContext browser;
  private Page page;
  private Api agent;

  @BeforeEach
  void open() {
    model.reset();
    agent = Api.newAgent(Map.of("publicName", "Ada"));
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launchPersistentContext(
                profile,
                new BrowserType.LaunchPersistentContextOptions()
                    .setExecutablePath(chromium())
                    .setHeadless(true)
                    .setViewportSize(1280, 860)
                    .setArgs(
                        List.of(
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
    page = browser.newPage();
    page.onRequest(request -> {
      if (!request.url().startsWith(address()) && !request.url().startsWith("data:")) {
        elsewhere.add(request.url());
      }
    });
    page.onConsoleMessage(message -> {
      if (message.type().equals("error")) {
        complaints.add(message.text());
      }
    });
    page.onPageError(complaints::add);
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.close();
    }
    if (playwright != null) {
      playwright.close();
    }
  }

  private static Path chromium() {
    return Stream.of(
            System.getProperty("browser.path", "/usr/bin/chromium"),
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new AssertionError(
                "no Chromium here: install one (Debian: apt-get install chromium), or name it with"
                    + " -Dbrowser.path=..."));
  }

  private static String address() {
    return "http://127.0.0.1:" + RestAssured.port;
  }

  private String start(Map<String, ?> channel) {
    var body = new HashMap<String, Object>(Map.of("firstName", "Grace", "lastName", "Hopper"));
    body.putAll(channel);
    var started = agent.post("/external/conversations/start", body);
    started.then().statusCode(201);
    return started.path("conversationId");
  }

  private void answer(String text) {
    page.locator(".answer textarea").fill(text);
    page.locator(".answer button").click();
  }

  private void seen(Locator locator) {
    assertThat(locator).isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(SOON));
  }

  private Locator entry(String who, String text) {
    return page.locator(".entry." + who, new Page.LocatorOptions().setHasText(text));
  }

  private void picture(String name) {
    page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
  }

  private void pictures(String name) {
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    picture(name);
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    picture(name + "-dark");
    page.setViewportSize(390, 844);
    picture(name + "-phone-dark");
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    picture(name + "-phone");
    page.setViewportSize(1280, 860);
  }

  private void nothingWentElsewhere() {
    assertThat(elsewhere).as("requests to elsewhere").isEmpty();
    assertThat(complaints).as("what the browser complained of").isEmpty();
  }

  @Test
  void aMailAppearsByItselfIsAnsweredAndSoIsTheAnswer() {
    model.next(ModelAnswer.reply(REPLY));
    page.navigate(address() + "/dev/channels");
    var email = Unique.email();
    start(
        Map.of(
            "channel",
            "email",
            "email",
            email,
            "emailSubject",
            "Your order 4711",
            "emailIntroduction",
            "Dear Grace,\n\nyour order **4711** was sent today. Any questions? Just answer.\n\nAda"));
    var item = page.locator(".list a", new Page.LocatorOptions().setHasText(email));
    seen(item);
    pictures("list");
    item.click();
    seen(entry("agent", "was sent today"));

    answer("When does it arrive?\n\nGrace");
    seen(entry("person", "When does it arrive?"));
    seen(entry("agent", "arrives on Tuesday"));
    pictures("mail");
    nothingWentElsewhere();
  }

  @Test
  void aTextIsAnsweredAndSoIsTheAnswer() {
    model.next(ModelAnswer.reply("It is on its way, and arrives on Tuesday."));
    var conversation =
        start(
            Map.of(
                "channel",
                "sms",
                "phoneNumber",
                Unique.phone(),
                "smsIntroduction",
                "Your order 4711 was sent today. Any questions? Just answer."));
    page.navigate(address() + "/dev/channels/" + conversation);
    answer("When does it arrive?");
    seen(entry("person", "When does it arrive?"));
    seen(entry("agent", "arrives on Tuesday"));
    pictures("text");
    nothingWentElsewhere();
  }

  @Test
  void aCallIsSpokenInAndAnswered() {
    model.next(ModelAnswer.reply("It is on its way, and arrives on Tuesday."));
    var conversation =
        start(
            Map.of(
                "channel",
                "voice",
                "phoneNumber",
                Unique.phone(),
                "firstMessage",
                "Good day, this is Ada of the shop about your order."));
    page.navigate(address() + "/dev/channels/" + conversation);
    answer("When does it arrive?");
    seen(entry("person", "When does it arrive?"));
    seen(entry("agent", "arrives on Tuesday"));
    pictures("call");
    nothingWentElsewhere();
  }

  @Test
  void aConversationIsStartedWithOneClick() {
    page.navigate(address() + "/dev/channels");
    pictures("start");
    page.locator(".fields button").click();
    seen(page.locator(".bar h1", new Page.LocatorOptions().setHasText("Grace Hopper")));
    nothingWentElsewhere();
  }
}
