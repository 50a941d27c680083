package dev.colloquy.knowledge;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * The embedding model all-MiniLM-L6-v2, quantised, run in this process by ONNX Runtime.
 *
 * <p>Safe for many threads; each call computes on the calling thread alone, so that whoever calls
 * decides how many cores are used.
 */
final class MiniLm {
  /** Numbers in a vector. */
  static final int DIMENSIONS = 384;

  /** Word pieces that the model reads, its two marks included; the rest of a text is not seen. */
  static final int MOST_PIECES = 256;

  private static final String MODEL = "/all-minilm-l6-v2-q.onnx";
  private final OrtEnvironment environment;
  private final OrtSession session;

  private MiniLm(OrtEnvironment environment, OrtSession session) {
    this.environment = environment;
    this.session = session;
  }

  /**
   * Loads the native library and the model: about half a second.
   *
   * @throws IllegalStateException where the library cannot be unpacked or run; the message says
   *     what to do
   */
  static MiniLm load() {
    try (var model = MiniLm.class.getResourceAsStream(MODEL);
        var _ = NativeLibrary.unpack()) {
      if (model == null) {
        throw new IllegalStateException("the embedding model is missing from the build");
      }
      var environment = OrtEnvironment.getEnvironment("colloquy");
      environment.setTelemetry(false);
      var options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      return new MiniLm(environment, environment.createSession(model.readAllBytes(), options));
    } catch (IOException | OrtException | LinkageError e) {
      throw new IllegalStateException(
          "The embedding model does not start: its native library could not be unpacked to %s or"
                  .formatted(System.getProperty("java.io.tmpdir"))
              + " run from there. Name a folder that is writable and not mounted noexec with"
              + " -Djava.io.tmpdir=<folder>. Cause: "
              + e,
          e);
    }
  }

  /**
   * The vector of one text.
   *
   * @param ids its word pieces between the two marks, at most {@value #MOST_PIECES}
   * @return {@value #DIMENSIONS} numbers of length 1 together
   */
  float[] embed(long[] ids) {
    var ones = new long[ids.length];
    Arrays.fill(ones, 1);
    try (var input = tensor(ids);
        var mask = tensor(ones);
        var types = tensor(new long[ids.length]);
        var result =
            session.run(
                Map.of("input_ids", input, "attention_mask", mask, "token_type_ids", types))) {
      return normalize(mean(((OnnxTensor) result.get(0)).getFloatBuffer(), ids.length));
    } catch (OrtException e) {
      throw new IllegalStateException("the embedding model failed", e);
    }
  }

  private OnnxTensor tensor(long[] values) throws OrtException {
    return OnnxTensor.createTensor(environment, new long[][] {values});
  }

  private static float[] mean(FloatBuffer states, int pieces) {
    var sum = new float[DIMENSIONS];
    for (int piece = 0; piece < pieces; piece++) {
      for (int i = 0; i < DIMENSIONS; i++) {
        sum[i] += states.get();
      }
    }
    return sum;
  }

  private static float[] normalize(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    float length = (float) Math.sqrt(squares);
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= length;
    }
    return vector;
  }
}
