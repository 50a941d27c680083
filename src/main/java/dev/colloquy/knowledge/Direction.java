package dev.colloquy.knowledge;

/**
 * A vector as one signed byte a number: a quarter of the memory, and the cosine of two changes by
 * less than 0.01.
 */
final class Direction {
  private Direction() {}

  /** The vector, scaled so that its largest number is 127. */
  static byte[] of(float[] vector) {
    float largest = 0;
    for (float value : vector) {
      largest = Math.max(largest, Math.abs(value));
    }
    var bytes = new byte[vector.length];
    for (int i = 0; i < vector.length && largest > 0; i++) {
      bytes[i] = (byte) Math.round(vector[i] * 127 / largest);
    }
    return bytes;
  }

  /** The length of the scaled vector that begins at {@code from}. */
  static float length(byte[] vectors, int from) {
    int squares = 0;
    for (int i = from; i < from + Embedder.DIMENSIONS; i++) {
      squares += vectors[i] * vectors[i];
    }
    return (float) Math.sqrt(squares);
  }

  /** The product of the vector that begins at {@code from} in {@code many} with another. */
  static int product(byte[] many, int from, byte[] one) {
    int sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += many[from + i] * one[i];
    }
    return sum;
  }
}
