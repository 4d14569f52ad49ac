// SPDX-License-Identifier: Apache-2.0
package io.omote.face.image;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The names of formats that are not read, so that an error can say what a file is. Stateless. */
final class KnownFormats {

  /** The bytes, one a character, that files of a format have at an offset. */
  private record Magic(String name, int offset, String bytes) {}

  // Several of these OpenCV would decode: what is not needed is not let through to native code.
  private static final List<Magic> OTHERS =
      List.of(
          new Magic("GIF", 0, "GIF8"),
          new Magic("TIFF", 0, "II*\0"),
          new Magic("TIFF", 0, "MM\0*"),
          new Magic("TIFF", 0, "II+\0"),
          new Magic("TIFF", 0, "MM\0+"),
          new Magic("AVIF", 4, "ftypavi"),
          new Magic("HEIC", 4, "ftyphe"),
          new Magic("HEIC", 4, "ftypmif1"),
          new Magic("HEIC", 4, "ftypmsf1"),
          new Magic("Canon CR3", 4, "ftypcrx "),
          new Magic("MP4 or another video", 4, "ftyp"),
          new Magic("JPEG 2000", 4, "jP  "),
          new Magic("JPEG 2000", 0, "\u00ff\u004f\u00ff\u0051"),
          new Magic("JPEG XL", 4, "JXL "),
          new Magic("JPEG XL", 0, "\u00ff\n"),
          new Magic("JPEG XR", 0, "II\u00bc"),
          new Magic("Radiance HDR", 0, "#?RADIANCE"),
          new Magic("Radiance HDR", 0, "#?RGBE"),
          new Magic("OpenEXR", 0, "v/1\u0001"),
          new Magic("Sun raster", 0, "Y\u00a6j\u0095"),
          new Magic("PNM", 0, "P1"),
          new Magic("PNM", 0, "P2"),
          new Magic("PNM", 0, "P3"),
          new Magic("PNM", 0, "P4"),
          new Magic("PNM", 0, "P5"),
          new Magic("PNM", 0, "P6"),
          new Magic("PAM", 0, "P7"),
          new Magic("PFM", 0, "PF\n"),
          new Magic("PFM", 0, "Pf\n"),
          new Magic("Photoshop", 0, "8BPS"),
          new Magic("icon", 0, "\0\0\u0001\0"),
          new Magic("QOI", 0, "qoif"),
          new Magic("DICOM", 128, "DICM"),
          new Magic("PDF", 0, "%PDF"),
          new Magic("PostScript", 0, "%!PS"),
          new Magic("SVG", 0, "<svg"),
          new Magic("XML or SVG", 0, "<?xml"),
          new Magic("HTML", 0, "<!DOCTYPE html"),
          new Magic("HTML", 0, "<html"));

  private KnownFormats() {}

  /**
   * Names the format of a file that is not read.
   *
   * @param file the file
   * @return the name, for a message
   */
  static String nameOf(byte[] file) {
    return OTHERS.stream()
        .filter(magic -> hasBytes(file, magic.offset(), magic.bytes()))
        .findFirst()
        .map(Magic::name)
        .orElse("something else");
  }

  /**
   * Whether a file has some bytes at an offset.
   *
   * @param file the file
   * @param offset the offset
   * @param bytes the bytes, one a character
   * @return whether they are there
   */
  static boolean hasBytes(byte[] file, int offset, String bytes) {
    byte[] expected = bytes.getBytes(StandardCharsets.ISO_8859_1);
    if (file.length < offset + expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (file[offset + i] != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
