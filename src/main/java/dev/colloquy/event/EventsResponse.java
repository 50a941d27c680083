package dev.colloquy.event;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A page of a feed. */
@Schema(name = "Events", description = "A page of a feed.")
record EventsResponse(
    @Schema(description = "In order; empty where nothing has happened since.", required = true)
        List<EventResponse> data,
    @Schema(
            description =
                "Where to go on, always there: the last event's id, or on an empty page the place"
                    + " that was asked for.",
            examples = "17",
            required = true)
        String nextCursor) {}
