package dev.colloquy.consent;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an entry of the ledger says of an address. */
public enum ConsentAction {
  /** Its owner wants nothing more. */
  @JsonProperty("opt_out")
  OPT_OUT,
  /** Its owner wants messages again. */
  @JsonProperty("opt_in")
  OPT_IN,
  /** Its owner asked who is writing; changes nothing. */
  @JsonProperty("help")
  HELP,
  /** It takes no messages: what was sent came back for good. */
  @JsonProperty("bounce")
  BOUNCE
}
