package dev.saccade.api.openai;

import dev.saccade.api.events.TextParts.Part;
import dev.saccade.api.events.TextParts.Piece;

/** What of one answer's text a client has: nothing twice, and no space around a part, as in the answer that doesn't stream. */
final class StreamedText {

    private int seen;
    private Part part = Part.MARK;
    private boolean begun;
    private final StringBuilder space = new StringBuilder();

    /** What of this piece is to be sent: nothing for tags, and for what an attempt before this one has sent. */
    String add(Piece piece) {
        if (piece.end() <= seen) {
            return "";
        }
        Piece news = piece.from(seen);
        seen = news.end();
        if (news.part() != part) {
            part = news.part();
            begun = false;
            space.setLength(0);
        }
        if (part == Part.MARK) {
            return "";
        }
        String held = space + news.text();
        String text = begun ? held : held.stripLeading();
        String sent = text.stripTrailing();
        space.setLength(0);
        if (!sent.isEmpty() || begun) {
            begun = true;
            space.append(text, sent.length(), text.length());
        }
        return sent;
    }
}
