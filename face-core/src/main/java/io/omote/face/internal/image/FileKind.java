// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The kind of a file by its first bytes. Immutable and thread-safe.
 *
 * @param name the name of the kind, such as {@code JPEG} or {@code PDF}
 * @param isImage whether it is a raster image, of a supported format or not
 */
public record FileKind(String name, boolean isImage) {
  /** The number of first bytes that suffice. */
  public static final int PREFIX = 512;

  /** Kinds that {@link KnownFormats} names and that are not photos. */
  private static final List<String> NO_IMAGES =
      List.of("PDF", "PostScript", "SVG", "XML or SVG", "HTML", "icon", KnownFormats.VIDEO);

  private static final List<String> VIDEO_MAGIC =
      List.of("\u001aE\u00df\u00a3", "\0\0\u0001\u00ba");

  /**
   * Returns the kind of a file.
   *
   * @param start the first bytes of the file, all of a shorter one
   * @return the kind
   */
  public static FileKind of(byte[] start) {
    if (start.length == 0) {
      return new FileKind("empty file", false);
    }
    String name =
        Arrays.stream(ImageHeader.Format.values())
            .filter(format -> format.begins(start))
            .map(ImageHeader.Format::name)
            .findFirst()
            .orElseGet(() -> KnownFormats.nameOf(start));
    boolean isImage = !NO_IMAGES.contains(name);
    // Any text may begin with BM or P6; images have binary numbers there.
    if (name.equals(KnownFormats.UNKNOWN) || isImage && isText(start)) {
      return new FileKind(otherName(start), false);
    }
    return new FileKind(name, isImage);
  }

  private static String otherName(byte[] start) {
    if (KnownFormats.hasBytes(start, 0, "PK\u0003\u0004")) {
      return "ZIP archive";
    }
    if (VIDEO_MAGIC.stream().anyMatch(magic -> KnownFormats.hasBytes(start, 0, magic))
        || KnownFormats.hasBytes(start, 0, "RIFF") && KnownFormats.hasBytes(start, 8, "AVI ")) {
      return KnownFormats.VIDEO;
    }
    return isText(start) ? "text" : "other file";
  }

  /** Returns whether bytes are text in UTF-8 or another superset of ASCII. */
  private static boolean isText(byte[] start) {
    String text = new String(start, StandardCharsets.ISO_8859_1);
    return text.chars().allMatch(letter -> letter >= ' ' || letter >= '\t' && letter <= '\r');
  }
}
