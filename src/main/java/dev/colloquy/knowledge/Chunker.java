package dev.colloquy.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/**
 * Packs a document's blocks into chunks that the embedding model can read whole: never over a
 * heading, a sentence that announces code, a list or a table together with it, a block cut only
 * where it does not fit.
 */
final class Chunker {
  /** Most word pieces in a chunk's text; with the heading it stays below what the model reads. */
  static final int MOST_PIECES = 200;

  /** Word pieces of the heading path that are embedded with the text. */
  static final int HEADING_PIECES = 50;

  private static final int CHARACTERS_A_PIECE = 8;
  private static final String BETWEEN_BLOCKS = "\n\n";
  private static final Pattern SEPARATOR_ROW = Pattern.compile("[\\s|:-]+");
  private final ToIntFunction<CharSequence> count;
  private final Cutter cutter;

  /**
   * @param count counts word pieces, exactly up to {@link #MOST_PIECES}
   */
  Chunker(ToIntFunction<CharSequence> count) {
    this.count = count;
    this.cutter = new Cutter(this::size);
  }

  /** The document's chunks in their order. */
  List<Chunk> chunks(String document) {
    var chunks = new ArrayList<Chunk>();
    var section = new ArrayList<Block>();
    for (var block : Markdown.blocks(document)) {
      if (!section.isEmpty() && !section.getLast().heading().equals(block.heading())) {
        pack(section, chunks);
        section.clear();
      }
      section.add(block);
    }
    pack(section, chunks);
    return chunks;
  }

  /**
   * What is embedded for a chunk: as much of the heading path as fits, innermost first, and text.
   */
  String embedded(String documentName, Chunk chunk) {
    var heading = documentName + " > " + chunk.heading();
    while (!heading.isEmpty() && size(heading) > HEADING_PIECES) {
      int outer = heading.indexOf(" > ");
      heading = outer < 0 ? "" : heading.substring(outer + 3);
    }
    return heading + "\n" + chunk.text();
  }

  /**
   * Word pieces, but never fewer than a long word without spaces may claim to be; with what stands
   * between it and the next block, so that sizes add up.
   */
  private int size(CharSequence text) {
    var length = text.length() + BETWEEN_BLOCKS.length();
    return Math.max(Math.ceilDiv(length, CHARACTERS_A_PIECE), count.applyAsInt(text));
  }

  private void pack(List<Block> section, List<Chunk> chunks) {
    var open = new ArrayList<String>();
    int used = 0;
    for (int i = 0; i < section.size(); i++) {
      var block = section.get(i);
      int size = size(block.text());
      int wanted = size;
      if (i + 1 < section.size() && announces(block, section.get(i + 1))) {
        int both = size + size(section.get(i + 1).text());
        wanted = both <= MOST_PIECES ? both : size;
      }
      if (!open.isEmpty() && used + wanted > MOST_PIECES) {
        close(block.heading(), open, chunks);
        used = 0;
      }
      if (size <= MOST_PIECES) {
        open.add(block.text());
        used += size;
      } else {
        for (var part : cut(block)) {
          chunks.add(new Chunk(block.heading(), part));
        }
      }
    }
    if (!section.isEmpty()) {
      close(section.getFirst().heading(), open, chunks);
    }
  }

  private static void close(String heading, List<String> open, List<Chunk> chunks) {
    if (!open.isEmpty()) {
      chunks.add(new Chunk(heading, String.join(BETWEEN_BLOCKS, open)));
      open.clear();
    }
  }

  private static boolean announces(Block block, Block next) {
    return block.kind() == Block.Kind.PARAGRAPH
        && (next.kind() == Block.Kind.CODE || block.text().endsWith(":"));
  }

  private List<String> cut(Block block) {
    return switch (block.kind()) {
      case CODE -> cutCode(block.text());
      case TABLE -> cutTable(block.text());
      case LIST, PARAGRAPH -> cutter.cut(block.text(), MOST_PIECES);
    };
  }

  private List<String> cutCode(String text) {
    int first = text.indexOf('\n');
    int last = text.lastIndexOf('\n');
    if (first < 0 || last <= first || size(text.substring(0, first)) > MOST_PIECES / 4) {
      return cutter.cut(text, MOST_PIECES);
    }
    var opening = text.substring(0, first + 1);
    var closing = text.substring(last);
    boolean closed = closing.strip().matches("`{3,}|~{3,}");
    var body = closed ? text.substring(first + 1, last) : text.substring(first + 1);
    var end = closed ? closing : "\n" + opening.strip().replaceAll("[^`~].*", "");
    return cutter.cutLines(body, MOST_PIECES - size(opening) - size(end)).stream()
        .map(part -> opening + part + end)
        .toList();
  }

  private List<String> cutTable(String text) {
    var lines = text.split("\n", 3);
    boolean headed = lines.length == 3 && SEPARATOR_ROW.matcher(lines[1]).matches();
    var header = headed ? lines[0] + "\n" + lines[1] + "\n" : "";
    if (!headed || size(header) > MOST_PIECES / 2) {
      return cutter.cut(text, MOST_PIECES);
    }
    return cutter.cutLines(lines[2], MOST_PIECES - size(header)).stream()
        .map(part -> header + part)
        .toList();
  }
}
