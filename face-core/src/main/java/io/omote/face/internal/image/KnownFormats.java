// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The names of unsupported formats, so that an error can say what a file is. Stateless. */
final class KnownFormats {

  /** The bytes, one for each character, that files of a format have at an offset. */
  private record Magic(String name, int offset, String bytes) {}

  // OpenCV would decode several of these: they are kept away from native code.
  private static final List<Magic> OTHERS =
      List.of(
          new Magic("GIF", 0, "GIF8"),
          new Magic("TIFF", 0, "II*\0"),
          new Magic("TIFF", 0, "MM\0*"),
          new Magic("TIFF", 0, "II+\0"),
          new Magic("TIFF", 0, "MM\0+"),
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

  /** The brands of files in the ISO base media format, the more specific ones first. */
  private static final List<Map.Entry<String, String>> BRANDS =
      List.of(
          Map.entry("avif", "AVIF"),
          Map.entry("avis", "AVIF"),
          Map.entry("heic", "HEIC"),
          Map.entry("heix", "HEIC"),
          Map.entry("hevc", "HEIC"),
          Map.entry("hevx", "HEIC"),
          Map.entry("heim", "HEIC"),
          Map.entry("heis", "HEIC"),
          Map.entry("hevm", "HEIC"),
          Map.entry("hevs", "HEIC"),
          Map.entry("crx ", "Canon CR3"),
          Map.entry("mif1", "HEIC or another HEIF"),
          Map.entry("mif2", "HEIC or another HEIF"),
          Map.entry("mif3", "HEIC or another HEIF"),
          Map.entry("msf1", "HEIC or another HEIF"));

  private static final int MAX_BRANDS = 64;

  /** The name of videos. */
  static final String VIDEO = "MP4 or another video";

  /** The name of files of unknown formats. */
  static final String UNKNOWN = "something else";

  private KnownFormats() {}

  /**
   * Returns the name of the format of an unsupported file.
   *
   * @param file the file
   * @return the name, for a message
   */
  static String nameOf(byte[] file) {
    if (hasBytes(file, 4, "ftyp")) {
      return nameByBrands(file);
    }
    return OTHERS.stream()
        .filter(magic -> hasBytes(file, magic.offset(), magic.bytes()))
        .findFirst()
        .map(Magic::name)
        .orElse(UNKNOWN);
  }

  /**
   * Looks at all brands: the first is often that of the container, and others are more specific.
   */
  private static String nameByBrands(byte[] file) {
    int end = Math.min(ByteBuffer.wrap(file).getInt(0), Math.min(file.length, 4 * MAX_BRANDS));
    Set<String> brands = new HashSet<>();
    for (int at = 8; at + 4 <= Math.max(end, 12) && at + 4 <= file.length; at += 4) {
      // The second word is a version.
      if (at != 12) {
        brands.add(new String(file, at, 4, StandardCharsets.ISO_8859_1));
      }
    }
    return BRANDS.stream()
        .filter(brand -> brands.contains(brand.getKey()))
        .findFirst()
        .map(Map.Entry::getValue)
        .orElse(VIDEO);
  }

  /**
   * Returns whether a file has some bytes at an offset.
   *
   * @param file the file
   * @param offset the offset
   * @param bytes the bytes, one for each character
   * @return whether it has them
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
