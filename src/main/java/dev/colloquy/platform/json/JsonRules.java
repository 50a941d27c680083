package dev.colloquy.platform.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The API's rules of JSON. Reading: unknown fields are ignored, an empty string where something
 * else than text is wanted means absent, and nothing is coerced, repeated or left over. Writing:
 * absent fields are left out; times are ISO 8601 in UTC with milliseconds.
 */
@Singleton
public final class JsonRules implements ObjectMapperCustomizer {
  /** How deep a body may be nested. */
  public static final int MAX_DEPTH = 64;

  private static final DateTimeFormatter MILLIS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  /** Last: of two readers or writers of one type, the one registered later is asked. */
  @Override
  public int priority() {
    return MINIMUM_PRIORITY;
  }

  @Override
  public void customize(ObjectMapper mapper) {
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxNumberLength(64)
                .maxNameLength(1_000)
                .build());
    mapper.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature());
    mapper.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    mapper.enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS);
    mapper.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    mapper.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
    mapper.enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
    refuseCoercion(mapper);
    mapper
        .coercionConfigDefaults()
        .setCoercion(CoercionInputShape.EmptyString, CoercionAction.AsNull);
    mapper.registerModule(
        new SimpleModule("colloquy")
            .addDeserializer(String.class, new TextReader())
            .addDeserializer(Instant.class, new InstantReader())
            .addDeserializer(ObjectNode.class, new ObjectReader())
            .setDeserializerModifier(new EnumReaders())
            .addSerializer(Instant.class, new InstantWriter()));
  }

  // The mapper comes made from its owner, so its builder cannot be asked instead.
  @SuppressWarnings("deprecation")
  private static void refuseCoercion(ObjectMapper mapper) {
    mapper.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
  }

  /** Reads text only from JSON strings, and only text that PostgreSQL can keep. */
  private static final class TextReader extends JsonDeserializer<String> {
    @Override
    public String deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        throw new BadValueException(parser, "must be a string", String.class);
      }
      var text = parser.getText();
      if (!Text.isStorable(text)) {
        throw new BadValueException(
            parser, "must not hold the character U+0000 or half a surrogate pair", String.class);
      }
      return text;
    }
  }

  /** Reads a free JSON object; an empty string means absent, as everywhere. */
  private static final class ObjectReader extends JsonDeserializer<ObjectNode> {
    @Override
    public @Nullable ObjectNode deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (parser.hasToken(JsonToken.VALUE_STRING) && parser.getText().isEmpty()) {
        return null;
      }
      if (!parser.hasToken(JsonToken.START_OBJECT)) {
        throw new BadValueException(parser, "must be a JSON object", ObjectNode.class);
      }
      return (ObjectNode) context.readTree(parser);
    }
  }

  private static final class EnumReaders extends BeanDeserializerModifier {
    @Override
    public JsonDeserializer<?> modifyEnumDeserializer(
        DeserializationConfig config,
        JavaType type,
        BeanDescription description,
        JsonDeserializer<?> reader) {
      return new EnumReader(reader);
    }
  }

  /** Refuses numbers before they are read as an int, which would fail without naming the enum. */
  private static final class EnumReader extends DelegatingDeserializer {
    EnumReader(JsonDeserializer<?> reader) {
      super(reader);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> reader) {
      return new EnumReader(reader);
    }

    @Override
    public @Nullable Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (parser.currentToken().isNumeric()) {
        return context.handleWeirdNumberValue(
            handledType(), parser.getNumberValue(), "not one of the names");
      }
      return super.deserialize(parser, context);
    }
  }

  private static final class InstantReader extends JsonDeserializer<Instant> {
    @Override
    public @Nullable Instant deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (parser.hasToken(JsonToken.VALUE_STRING)) {
        var text = parser.getText();
        if (text.isEmpty()) {
          return null;
        }
        try {
          return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
          throw context.weirdStringException(text, Instant.class, "not a time");
        }
      }
      throw new BadValueException(parser, BadValueException.NOT_A_TIME, Instant.class);
    }
  }

  private static final class InstantWriter extends JsonSerializer<Instant> {
    @Override
    public void serialize(Instant value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(MILLIS.format(value));
    }
  }
}
