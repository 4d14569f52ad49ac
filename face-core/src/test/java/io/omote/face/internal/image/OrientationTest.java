// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.FaceImage;
import io.omote.face.ImageOptions;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opencv.imgcodecs.Imgcodecs;

/** The orientation is found in every place and form in which programs write it. */
class OrientationTest {
  private static final int TURNED = 16;
  private static final int AS_STORED = 24;

  private static final BufferedImage QUARTERS = Fixtures.quarters(BufferedImage.TYPE_3BYTE_BGR);
  private static final byte[] JPEG = Fixtures.jpeg(QUARTERS, false);
  private static final byte[] PNG = Fixtures.write(QUARTERS, "png");

  private static final byte[] WEBP = Fixtures.webp(PNG, Imgcodecs.IMREAD_COLOR, 101);

  /** The width shows whether the image was turned; the eight orientations are tested elsewhere. */
  private static int widthOf(byte[] file) {
    return FaceImage.read(file).width();
  }

  /** Returns EXIF data with one entry, whose value is inside it or behind it. */
  private static byte[] tiff(ByteOrder order, int type, int count, byte[] value) {
    ByteBuffer tiff = ByteBuffer.allocate(26 + value.length).order(order);
    tiff.put((order == ByteOrder.BIG_ENDIAN ? "MM" : "II").getBytes(StandardCharsets.US_ASCII));
    tiff.putShort((short) 42).putInt(8).putShort((short) 1);
    tiff.putShort((short) 0x112).putShort((short) type).putInt(count);
    if (value.length > 4) {
      tiff.putInt(26).putInt(0).put(value);
    } else {
      tiff.put(value);
    }
    return tiff.array();
  }

  private static byte[] bytes(ByteOrder order, int type, double value) {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(order);
    switch (type) {
      case 1, 6, 7 -> bytes.put((byte) value);
      case 2 -> bytes.put((byte) ('0' + (int) value)).put((byte) 0);
      case 3, 8 -> bytes.putShort((short) value);
      case 4, 9, 13 -> bytes.putInt((int) value);
      case 5, 10 -> bytes.putInt((int) (2 * value)).putInt(2);
      case 11 -> bytes.putFloat((float) value);
      case 12 -> bytes.putDouble(value);
      default -> bytes.putLong((long) value);
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static int read(byte[] exif) {
    return Orientation.read(exif, 0, exif.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17})
  void read_eachTypeInBothByteOrders(int type) {
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      for (int value = 1; value <= 8; value++) {
        int count = type == 2 ? 2 : 1;
        assertThat(read(tiff(order, type, count, bytes(order, type, value))))
            .as("%s, type %d", order, type)
            .isEqualTo(value);
      }
      for (int value : new int[] {0, 9}) {
        assertThat(read(tiff(order, type, 1, bytes(order, type, value)))).isEqualTo(0);
      }
    }
  }

  @Test
  void read_invalidValues() {
    ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    assertThat(read(tiff(order, 4, 1, bytes(order, 4, 0x10006)))).isEqualTo(0);
    assertThat(read(tiff(order, 9, 1, bytes(order, 9, -6)))).isEqualTo(0);
    assertThat(read(tiff(order, 11, 1, bytes(order, 11, 6.5)))).isEqualTo(0);
    assertThat(read(tiff(order, 12, 1, bytes(order, 12, Double.NaN)))).isEqualTo(0);
    assertThat(read(tiff(order, 5, 1, new byte[] {6, 0, 0, 0, 0, 0, 0, 0}))).isEqualTo(0);
    assertThat(read(tiff(order, 2, 4, "16\0\0".getBytes(StandardCharsets.US_ASCII)))).isEqualTo(0);
    assertThat(read(tiff(order, 3, 0, bytes(order, 3, 6)))).as("no value").isEqualTo(0);
    assertThat(read(tiff(order, 99, 1, bytes(order, 4, 6)))).as("no type").isEqualTo(0);
    assertThat(read(tiff(order, 3, 2, new byte[] {6, 0, 1, 0}))).as("the first").isEqualTo(6);
  }

  @Test
  void read_amongManyEntriesInAnyOrder() {
    ByteBuffer tiff = ByteBuffer.allocate(8 + 2 + 300 * 12).order(ByteOrder.LITTLE_ENDIAN);
    tiff.put(new byte[] {'I', 'I', 42, 0}).putInt(8).putShort((short) 300);
    for (int i = 0; i < 300; i++) {
      tiff.putShort((short) (i == 299 ? 0x112 : 0x9000 - i)).putShort((short) 3).putInt(1);
      tiff.putInt(i == 299 ? 6 : 3);
    }
    assertThat(read(tiff.array())).isEqualTo(6);
    assertThat(read(Arrays.copyOf(tiff.array(), 8 + 2 + 299 * 12))).as("cut").isEqualTo(0);
  }

  @Test
  void read_cutOrPointingNowhere() {
    byte[] whole = tiff(ByteOrder.BIG_ENDIAN, 12, 1, bytes(ByteOrder.BIG_ENDIAN, 12, 6));
    assertThat(read(whole)).isEqualTo(6);
    for (int length = 0; length < whole.length; length++) {
      assertThat(read(Arrays.copyOf(whole, length))).isEqualTo(0);
    }
    for (int offset : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 33}) {
      byte[] broken = whole.clone();
      ByteBuffer.wrap(broken).putInt(4, offset);
      assertThat(read(broken)).as("directory at %d", offset).isEqualTo(0);
      broken = whole.clone();
      ByteBuffer.wrap(broken).putInt(18, offset);
      assertThat(read(broken)).as("value at %d", offset).isEqualTo(0);
    }
  }

  // JPEG

  private static byte[] segment(int marker, byte[] data) {
    return ByteBuffer.allocate(data.length + 4)
        .put((byte) 0xff)
        .put((byte) marker)
        .putShort((short) (data.length + 2))
        .put(data)
        .array();
  }

  private static byte[] segment(int marker, String data) {
    return segment(marker, data.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static byte[] exif(int orientation) {
    return segment(0xe1, concat("Exif\0\0".getBytes(), Fixtures.tiff(orientation)));
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static int indexOf(byte[] file, int marker) {
    return IntStream.range(0, file.length)
        .filter(i -> file[i] == (byte) 0xff && file[i + 1] == (byte) marker)
        .findFirst()
        .orElseThrow();
  }

  static Stream<byte[]> jpegsTurned() {
    byte[] xmp = segment(0xe1, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>");
    byte[] icc = segment(0xe2, "ICC_PROFILE\0\1\1");
    byte[] comment = segment(0xfe, "a comment");
    byte[] empty = segment(0xe1, "Exif\0\0");
    byte[] junk = segment(0xe1, "Exif\0\0nothing of the kind");
    byte[] fill = {(byte) 0xff, (byte) 0xff, (byte) 0xff};
    byte[] exif = exif(6);
    byte[] sixthByte = exif.clone();
    sixthByte[9] = 1;
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = 0; i < 400; i++) {
      many.writeBytes(segment(0xe0 + i % 16, "application " + i));
    }
    return Stream.of(
        Fixtures.insert(JPEG, 2, exif),
        Fixtures.insert(JPEG, 2, concat(xmp, exif)),
        Fixtures.insert(JPEG, 2, concat(exif, xmp)),
        Fixtures.insert(JPEG, 2, concat(icc, comment, xmp, xmp, exif)),
        Fixtures.insert(JPEG, 2, concat(empty, exif)),
        Fixtures.insert(JPEG, 2, concat(junk, exif(0), exif)),
        Fixtures.insert(JPEG, 2, concat(exif, exif(3))),
        Fixtures.insert(JPEG, 2, concat(fill, exif, fill)),
        Fixtures.insert(JPEG, 2, concat(many.toByteArray(), exif)),
        Fixtures.insert(JPEG, 2, sixthByte),
        Fixtures.insert(JPEG, indexOf(JPEG, 0xdb), exif),
        Fixtures.insert(JPEG, indexOf(JPEG, 0xc0), exif),
        Fixtures.insert(JPEG, indexOf(JPEG, 0xda), exif));
  }

  @ParameterizedTest
  @MethodSource("jpegsTurned")
  void read_jpeg_anyOrderAndNumberOfSegments(byte[] file) {
    assertThat(widthOf(file)).isEqualTo(TURNED);
  }

  /** A segment with a length that is too short leaves bytes between itself and the next. */
  @Test
  void read_jpeg_segmentShorterThanItIs() {
    byte[] exif = exif(6);
    for (byte[] rest : new byte[][] {{0}, {1, 2, 3}, {-1, 0, 7}, {-1, -1, -1}}) {
      assertThat(widthOf(Fixtures.insert(JPEG, 2, concat(exif, rest)))).isEqualTo(TURNED);
    }
  }

  /** Bytes before a marker are skipped, no matter where the marker is among eight bytes. */
  @Test
  void read_jpeg_bytesOfAnyNumberBeforeAMarker() {
    byte[] exif = exif(6);
    byte[] comment = segment(0xfe, "a");
    for (int value : new int[] {0, 1, 0x7f, 0x80, 0x81, 0xfe}) {
      for (int count = 0; count <= 20; count++) {
        byte[] rest = new byte[count];
        Arrays.fill(rest, (byte) value);
        assertThat(widthOf(Fixtures.insert(JPEG, 2, concat(comment, rest, exif))))
            .as("%d of %d", count, value)
            .isEqualTo(TURNED);
      }
    }
  }

  @Test
  void read_jpeg_ofAnotherImageBehindIt_doesNotCount() {
    assertThat(widthOf(concat(JPEG, Fixtures.withExifOrientation(JPEG, 6)))).isEqualTo(AS_STORED);
    byte[] thumbnail = Fixtures.withExifOrientation(JPEG, 6);
    assertThat(
            widthOf(Fixtures.insert(JPEG, 2, segment(0xe2, concat("MPF\0".getBytes(), thumbnail)))))
        .isEqualTo(AS_STORED);
  }

  // PNG

  private static byte[] hex(byte[] exif) {
    StringBuilder text = new StringBuilder("\nexif\n%8d\n".formatted(exif.length));
    String digits = HexFormat.of().formatHex(exif);
    for (int i = 0; i < digits.length(); i += 72) {
      text.append(digits, i, Math.min(i + 72, digits.length())).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] text(String chunk, String keyword, byte[] text) {
    byte[] name = keyword.getBytes(StandardCharsets.US_ASCII);
    byte[] separator =
        switch (chunk) {
          case "tEXt" -> new byte[1];
          case "zTXt" -> new byte[2];
          case "iTXt" -> new byte[5];
          default -> new byte[] {0, 1, 0, 'e', 'n', 0, 'E', 'x', 'i', 'f', 0};
        };
    boolean compressed = chunk.equals("zTXt") || separator[1 % separator.length] == 1;
    return Fixtures.chunk(
        chunk.equals("compressed iTXt") ? "iTXt" : chunk,
        concat(name, separator, compressed ? Fixtures.deflate(text) : text));
  }

  static Stream<byte[]> pngsTurned() {
    byte[] tiff = Fixtures.tiff(6);
    byte[] prefixed = concat("Exif\0\0".getBytes(), tiff);
    int end = PNG.length - 12;
    byte[] profile = hex(prefixed);
    byte[] junk = Fixtures.chunk("eXIf", "junk".getBytes());
    return Stream.of(
        Fixtures.insert(PNG, 33, Fixtures.chunk("eXIf", tiff)),
        Fixtures.insert(PNG, 33, Fixtures.chunk("eXIf", prefixed)),
        Fixtures.insert(PNG, end, Fixtures.chunk("eXIf", tiff)),
        Fixtures.insert(PNG, end, Fixtures.chunk("eXIf", prefixed)),
        Fixtures.insert(PNG, 33, text("tEXt", "Raw profile type exif", profile)),
        Fixtures.insert(PNG, end, text("tEXt", "Raw profile type APP1", profile)),
        Fixtures.insert(PNG, 33, text("tEXt", "Raw profile type exif", hex(tiff))),
        Fixtures.insert(PNG, end, text("zTXt", "Raw profile type exif", profile)),
        Fixtures.insert(PNG, 33, text("zTXt", "Raw profile type APP1", profile)),
        Fixtures.insert(PNG, 33, text("iTXt", "Raw profile type exif", profile)),
        Fixtures.insert(PNG, 33, text("compressed iTXt", "Raw profile type exif", profile)),
        Fixtures.insert(PNG, 33, concat(junk, text("zTXt", "Raw profile type exif", profile))),
        Fixtures.insert(
            PNG,
            33,
            concat(
                text("zTXt", "Raw profile type exif", hex(Fixtures.tiff(1))),
                Fixtures.chunk("eXIf", tiff))));
  }

  @ParameterizedTest
  @MethodSource("pngsTurned")
  void read_png_chunkOrText(byte[] file) {
    assertThat(widthOf(file)).isEqualTo(TURNED);
  }

  static Stream<byte[]> pngMetadataOfNoUse() {
    byte[] wrongChecksum = Fixtures.chunk("eXIf", Fixtures.tiff(6));
    wrongChecksum[wrongChecksum.length - 1] ^= 1;
    byte[] profile = hex(Fixtures.tiff(6));
    byte[] notDeflated = concat("Raw profile type exif\0\0".getBytes(), profile);
    return Stream.of(
        wrongChecksum,
        Fixtures.chunk("eXIf", new byte[0]),
        Fixtures.chunk("eXIf", "junk".getBytes()),
        Fixtures.chunk("eXIf", "Exif\0\0".getBytes()),
        Fixtures.chunk("zTXt", notDeflated),
        Fixtures.chunk("tEXt", "Raw profile type exif".getBytes()),
        Fixtures.chunk("tEXt", "Raw profile type exif\0".getBytes()),
        Fixtures.chunk("zTXt", "Raw profile type exif\0".getBytes()),
        Fixtures.chunk("iTXt", "Raw profile type exif\0\1\0en".getBytes()),
        Fixtures.chunk("iTXt", "Raw profile type exif\0\0\0en\0\0".getBytes()),
        text("tEXt", "Raw profile type iptc", profile),
        text("tEXt", "Raw profile type exif", "\nexif\n 26\n4d4d00zz".getBytes()),
        text("zTXt", "Raw profile type exif", new byte[50_000_000]),
        Fixtures.chunk("iCCP", "sRGB\0\0damaged".getBytes()),
        Fixtures.chunk("tRNS", new byte[1]),
        Fixtures.chunk("gAMA", new byte[1]));
  }

  @ParameterizedTest
  @MethodSource("pngMetadataOfNoUse")
  void read_png_brokenMetadata_isReadAsStored(byte[] chunk) {
    byte[] pixels = pixels(FaceImage.read(PNG));
    for (int at : new int[] {33, PNG.length - 12}) {
      FaceImage image = FaceImage.read(Fixtures.insert(PNG, at, chunk));
      assertThat(pixels(image)).isEqualTo(pixels);
    }
  }

  private static byte[] pixels(FaceImage image) {
    byte[] pixels = new byte[image.bgr().remaining()];
    image.bgr().get(pixels);
    return pixels;
  }

  // WebP

  /** The header says it, also without a decoder of the pixels. */
  private static int orientationOf(byte[] webp) {
    return ImageHeader.read(webp, ImageOptions.defaults()).orientation();
  }

  @Test
  void read_webp() {
    byte[] tiff = Fixtures.tiff(6);
    byte[] bare = Fixtures.riffChunk("EXIF", tiff);
    byte[] prefixed = Fixtures.riffChunk("EXIF", concat("Exif\0\0".getBytes(), tiff));
    byte[] odd = Fixtures.riffChunk("XMP ", new byte[3]);
    for (byte[][] chunks :
        new byte[][][] {
          {bare}, {prefixed}, {odd, bare}, {Fixtures.riffChunk("EXIF", new byte[5]), bare}
        }) {
      for (int flags : new int[] {0, 8}) {
        assertThat(orientationOf(Fixtures.extendedWebp(WEBP, flags, 24, 16, chunks))).isEqualTo(6);
      }
    }
    byte[] first = Fixtures.insert(Fixtures.extendedWebp(WEBP, 8, 24, 16), 30, bare);
    ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).putInt(4, first.length - 8);
    assertThat(orientationOf(first)).as("before the image").isEqualTo(6);
    byte[] junk = Fixtures.riffChunk("EXIF", "Exif\0\0II*\0".getBytes());
    assertThat(orientationOf(Fixtures.extendedWebp(WEBP, 8, 24, 16, junk)))
        .isEqualTo(Orientation.NONE);
  }

  @Test
  void read_webp_chunkLongerThanTheFile_isReadAsStored() {
    byte[] file = Fixtures.extendedWebp(WEBP, 8, 24, 16, Fixtures.riffChunk("EXIF", new byte[20]));
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(file.length - 24, -2);
    assertThat(orientationOf(file)).isEqualTo(Orientation.NONE);
  }

  /** An image with damaged metadata is read as if it had none. */
  @Test
  void read_randomDamageWithinTheMetadata_neverRefuses() {
    Random random = new Random(12);
    for (int round = 0; round < 500; round++) {
      byte[] tiff = Fixtures.tiff(6);
      for (int i = 0; i <= round % 4; i++) {
        tiff[random.nextInt(tiff.length)] = (byte) random.nextInt(256);
      }
      tiff = Arrays.copyOf(tiff, random.nextInt(40));
      byte[] exif = concat("Exif\0\0".getBytes(), tiff);
      for (byte[] file :
          new byte[][] {
            Fixtures.insert(JPEG, 2, segment(0xe1, exif)),
            Fixtures.insert(PNG, 33, Fixtures.chunk("eXIf", exif)),
            Fixtures.insert(PNG, 33, Fixtures.chunk("eXIf", tiff)),
            Fixtures.insert(PNG, 33, text("zTXt", "Raw profile type exif", hex(tiff)))
          }) {
        assertThat(widthOf(file)).isIn(TURNED, AS_STORED);
      }
      byte[] webp = Fixtures.extendedWebp(WEBP, 8, 24, 16, Fixtures.riffChunk("EXIF", exif));
      assertThat(orientationOf(webp)).isBetween(0, 8);
    }
  }
}
