package dev.colloquy.platform.launch;

import java.util.Optional;

/** What must hold between settings, beyond what each of them has to be by itself. */
@FunctionalInterface
public interface SettingRule {
  /** What is wrong, for whoever sets them; empty: nothing. Each of ours can be read by then. */
  Optional<String> problem(SettingValues values);

  /**
   * A setting that must be below another, of the same type.
   *
   * @param isNoLimit the value of the other that stands for none
   */
  static <T extends Comparable<T>> SettingRule below(
      String name, String limit, Class<T> type, T isNoLimit) {
    return values -> {
      var most = values.get(limit, type).filter(value -> !value.equals(isNoLimit));
      return most.isEmpty()
          ? Optional.empty()
          : values
              .get(name, type)
              .filter(value -> value.compareTo(most.get()) >= 0)
              .map(_ ->
                  "%s must be below %s, which is %s, not \"%s\""
                      .formatted(
                          name,
                          limit,
                          values.text(limit).orElse("?"),
                          values.text(name).orElse("?")));
    };
  }

  /** Settings that, where they are set, must all be different; they may be secret. */
  static SettingRule different(String one, String other) {
    return values ->
        values
            .text(one)
            .filter(text -> values.text(other).filter(text::equals).isPresent())
            .map(_ -> "%s must be another than %s".formatted(one, other));
  }
}
