package dev.colloquy.channel.email;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The lines by which mail programs, in the languages that people use, mark what is not new. */
final class QuoteMarks {
  private static final int LONGEST = 400;
  private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;

  /** "On ... wrote:", by its first and last words. */
  private static final Pattern ATTRIBUTION =
      Pattern.compile(
          "(on\\b.* wrote|am\\b.* schrieb\\b.*|.*\\bschrieb am\\b.*|le\\b.* a écrit|el\\b.* escribió"
              + "|il\\b.* ha scritto|op\\b.* (schreef|het volgende geschreven)\\b.*"
              + "|em\\b.* escreveu|a\\b.* escreveu|(w dniu|dnia|on|pon\\.|wt\\.|śr\\.|czw\\.|pt\\.|sob\\.|niedz\\.).* (napisał(\\(a\\))?|pisze)\\b.*"
              + "|.*(написал(а|\\(а\\))?|пишет|писал(а|\\(а\\))?)|(den|mån|tis|ons|tors|fre|lör|sön)\\b.* skrev\\b.*"
              + "|(man|tir|tor|lør|søn)\\b.* skrev\\b.*|.* skrev følgende|.* kirjoitti( .*)?|.* tarihinde .*(yazdı|şunu yazdı)"
              + "|.*(のメール|に書きました|は書きました|のメッセージ).*|.*(写道|寫道|撰写|的邮件)|.*님이 작성|.*(작성|에 썼습니다)"
              + "|dne\\b.* napsal(\\(a\\))?|.* a scris|.* ezt írta.*|.* έγραψε|.* כתב.*|.* كتب.*|vào .* viết|pada .* menulis)"
              + "\\s*[:：]\\s*",
          FLAGS);

  /** "-----Original Message-----" and its like. */
  private static final Pattern ORIGINAL =
      Pattern.compile(
          "\\s*[-_=]{2,}\\s*(on .{1,300} wrote|am .{1,300} schrieb|original message|original appointment|ursprüngliche nachricht|originalnachricht"
              + "|message d'origine|message original|messaggio originale|mensaje original|mensagem original"
              + "|oorspronkelijk bericht|oorspronkelijke bericht|ursprungligt meddelande|oprindelig meddelelse"
              + "|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość"
              + "|исходное сообщение|оригинальное сообщение|původní zpráva|orijinal mesaj|eredeti üzenet"
              + "|mesaj original|元のメッセージ|original-nachricht|原始邮件|原始郵件|원본 메시지|reply message)"
              + "\\s*[-_=]{2,}\\s*",
          FLAGS);

  /** What begins a forwarded mail. */
  private static final Pattern FORWARDED =
      Pattern.compile(
          "\\s*([-_=]{2,}\\s*(forwarded (message|by .*)|weitergeleitete nachricht( von .*)?|message transféré"
              + "|message transmis|mensaje reenviado|mensagem encaminhada|messaggio inoltrato"
              + "|messaggio inoltrato da .*|doorgestuurd bericht|przekazana wiadomość|wiadomość przekazana"
              + "|пересылаемое сообщение|пересланное сообщение|vidarebefordrat meddelande|videresendt meddelelse"
              + "|videresendt melding|přeposlaná zpráva|iletilen mesaj|továbbított üzenet|転送メッセージ|転送されたメッセージ"
              + "|转发的邮件|轉寄的郵件|전달된 메시지)[^\\n]{0,120}?[-_=]*|begin forwarded message:|anfang der weitergeleiteten "
              + "(nachricht|e-mail):|début du message (réexpédié|transféré) :?|inizio messaggio inoltrato:"
              + "|inicio del mensaje reenviado:|início da mensagem (reencaminhada|encaminhada):"
              + "|begin doorgestuurd bericht:|転送されたメッセージ[:：]|下面是被转发的邮件[:：])\\s*",
          FLAGS);

  /** Subjects of forwarded mails. */
  private static final Pattern FORWARD_SUBJECT =
      Pattern.compile(
          "\\s*(fwd?|wg|tr|rv|i|enc|pd|vs|vb|doorst|fs|vl|továbbítás|ilt|转发|轉寄|転送|전달)\\s*[:：].*",
          FLAGS);

  private static final Set<String> FROM =
      Set.of(
          "from",
          "von",
          "de",
          "da",
          "van",
          "från",
          "fra",
          "lähettäjä",
          "od",
          "от",
          "kimden",
          "feladó",
          "差出人",
          "送信者",
          "发件人",
          "寄件者",
          "發件人",
          "보낸 사람",
          "보낸사람",
          "expéditeur",
          "remitente",
          "mittente",
          "afzender",
          "nadawca",
          "отправитель",
          "від",
          "từ",
          "dari",
          "από");
  private static final Set<String> OTHERS =
      Set.of(
          "sent",
          "date",
          "to",
          "cc",
          "subject",
          "gesendet",
          "datum",
          "an",
          "betreff",
          "envoyé",
          "à",
          "objet",
          "enviado",
          "enviado el",
          "fecha",
          "para",
          "asunto",
          "inviato",
          "data",
          "a",
          "oggetto",
          "verzonden",
          "aan",
          "onderwerp",
          "assunto",
          "skickat",
          "till",
          "ämne",
          "sendt",
          "dato",
          "til",
          "emne",
          "lähetetty",
          "vastaanottaja",
          "aihe",
          "wysłano",
          "wysłane",
          "do",
          "temat",
          "отправлено",
          "дата",
          "кому",
          "тема",
          "odesláno",
          "komu",
          "předmět",
          "gönderildi",
          "tarih",
          "kime",
          "konu",
          "elküldve",
          "címzett",
          "tárgy",
          "送信日時",
          "日付",
          "宛先",
          "件名",
          "发送时间",
          "日期",
          "收件人",
          "主题",
          "寄件日期",
          "收件者",
          "主旨",
          "보낸 날짜",
          "받는 사람",
          "제목",
          "reply-to",
          "importance",
          "kopie",
          "priorität",
          "cc :",
          "copie à");

  /** What programs on telephones, and some others, write below a mail. */
  private static final Pattern MOBILE =
      Pattern.compile(
          "\\s*(sent from (my|an|a|outlook|yahoo|mail|samsung|proton|the|gmail|aqua|bluemail).{0,80}"
              + "|sent (via|with) .{0,80}|get outlook for .{0,60}|get bluemail .{0,60}"
              + "|(diese nachricht wurde )?von meine[mr] .{1,60} gesendet\\.?|gesendet (von|mit) .{1,80}"
              + "|envoyé (de|depuis) (mon|ma|mes|outlook|yahoo).{0,60}|télécharger outlook pour .{0,40}"
              + "|enviado desde (mi|outlook|yahoo).{0,60}|enviado d[eo] (meu|minha|outlook|yahoo).{0,60}"
              + "|inviato da(l|lla)? .{1,60}|verzonden (vanaf|met|van) .{1,60}|wysłan[eo] z .{1,60}"
              + "|отправлено (с|из) .{1,60}|skickat från .{1,60}|sendt fra .{1,60}|lähetetty .{1,60}"
              + "|(iphone|ipad|android).{0,10}から送信|.{0,20}から送信|发自我的.{1,30}|發自我的.{1,30}|从我的.{1,30}发送"
              + "|나의 .{1,30}에서 보냄|odesláno z .{1,60}|.{1,30}'(u|ü|ı|i)?mdan gönderildi|iphone'umdan gönderildi"
              + "|outlook für (ios|android) .{0,40}|outlook for (ios|android).{0,60})\\s*(<https?://\\S{1,300}>)?\\s*",
          FLAGS);

  private static final Pattern TRACES =
      Pattern.compile("\\b(19|20)\\d\\d\\b|\\d{1,2}[:.h]\\d\\d\\b|\\S@\\S");

  private QuoteMarks() {}

  static boolean isAttribution(String line) {
    var text = line.strip();
    return text.length() <= LONGEST && hasColon(text) && ATTRIBUTION.matcher(text).matches();
  }

  /**
   * Whether a line before quoted ones says whose they are, in whatever language: it ends with a
   * colon, and has a time, a year or an address in it.
   */
  static boolean looksLikeAttribution(String line) {
    var text = line.strip();
    return text.length() <= LONGEST && hasColon(text) && TRACES.matcher(text).find();
  }

  private static boolean hasColon(String text) {
    return text.endsWith(":") || text.endsWith("：");
  }

  static boolean isOriginal(String line) {
    return line.length() <= LONGEST && ORIGINAL.matcher(line).matches();
  }

  static boolean isForwarded(String line) {
    return line.length() <= LONGEST && FORWARDED.matcher(line).matches();
  }

  static boolean isForward(String subject) {
    return FORWARD_SUBJECT.matcher(subject).matches();
  }

  static boolean isMobileSignature(String line) {
    return line.length() <= LONGEST && MOBILE.matcher(line).matches();
  }

  /** Whether the headers of another mail begin at the line: From and two more close to it. */
  static boolean isHeaderBlock(List<String> lines, int at) {
    if (!FROM.contains(label(lines.get(at)))) {
      return false;
    }
    var found = 0;
    for (var i = at + 1; i < Math.min(lines.size(), at + 8); i++) {
      found += OTHERS.contains(label(lines.get(i))) ? 1 : 0;
    }
    return found >= 2;
  }

  /** What stands before a line's colon, without the stars of bold text. */
  private static String label(String line) {
    var text = line.strip();
    var colon = text.indexOf(':');
    var wide = text.indexOf('：');
    var end = colon < 0 ? wide : wide < 0 ? colon : Math.min(colon, wide);
    return end <= 0 || end > 30
        ? ""
        : text.substring(0, end).replace("*", "").strip().toLowerCase(Locale.ROOT);
  }
}
