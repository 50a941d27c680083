package dev.colloquy.platform.secret;

import java.math.BigInteger;
import java.util.Locale;

/**
 * Bytes as lower-case letters and digits: the alphabet of RFC 4648, section 7, so that it survives
 * systems that fold case.
 */
public final class Base32 {
  private static final int BITS = 5;

  private Base32() {}

  /** The text of the bytes: as many characters as it takes, leading zeros included. */
  public static String encode(byte[] bytes) {
    var length = (bytes.length * 8 + BITS - 1) / BITS;
    var digits = new BigInteger(1, bytes).toString(1 << BITS);
    return "0".repeat(length - digits.length()) + digits;
  }

  /**
   * The bytes of a text in whatever case.
   *
   * @param length how many bytes there are
   * @throws NumberFormatException where it is no such text
   */
  public static byte[] decode(String text, int length) {
    var number = new BigInteger(text.toLowerCase(Locale.ROOT), 1 << BITS);
    if (number.signum() < 0 || number.bitLength() > length * 8) {
      throw new NumberFormatException("not " + length + " bytes");
    }
    var bytes = new byte[length];
    for (var i = 0; i < length; i++) {
      bytes[length - 1 - i] = number.shiftRight(8 * i).byteValue();
    }
    return bytes;
  }
}
