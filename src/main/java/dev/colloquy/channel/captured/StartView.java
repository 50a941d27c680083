package dev.colloquy.channel.captured;

import io.quarkus.qute.TemplateData;
import org.jspecify.annotations.Nullable;

/**
 * How a conversation is started: with a form, where the demo agent is still there, and over the
 * API.
 *
 * @param curl the line that starts one over the API
 * @param isEmpty whether nothing was captured yet
 * @param hasAgent whether there is a demo agent
 * @param token what the form carries ({@link FormToken})
 * @param form what the form holds
 * @param error what was wrong with it; null for nothing
 */
@TemplateData
record StartView(
    String curl,
    boolean isEmpty,
    boolean hasAgent,
    String token,
    StartForm form,
    @Nullable String error) {}
