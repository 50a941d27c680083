package dev.colloquy.skill;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a connection to a mail server is secured. */
public enum ConnectionSecurity {
  /** Not at all: for servers on the same machine or network. */
  @JsonProperty("none")
  NONE,
  /** By STARTTLS (RFC 3207, RFC 9051): a server that does not offer it is not used. */
  @JsonProperty("starttls")
  STARTTLS,
  /** By TLS from the first byte on (RFC 8314). */
  @JsonProperty("tls")
  TLS
}
