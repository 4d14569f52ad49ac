// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileKindTest {

  /** Returns the kind of a file by its first bytes, one for each character. */
  private static FileKind of(String start) {
    return FileKind.of(start.translateEscapes().getBytes(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @CsvSource({
    "'\\377\\330\\377\\340\\0\\20JFIF', JPEG",
    "'\\211PNG\\r\\n\\32\\n', PNG",
    "'BM\\66\\0\\0\\0', BMP",
    "'RIFF\\0\\0\\0\\0WEBPVP8 ', WEBP",
    "'GIF89a\\1\\0', GIF",
    "'II*\\0\\10\\0', TIFF",
    "'\\0\\0\\0\\30ftypheic\\0\\0\\0\\0mif1', HEIC",
    "'\\0\\0\\0\\34ftypavif\\0\\0\\0\\0', AVIF",
    "'P6 2 2 255\\n\\0\\1', PNM",
    "'8BPS\\0\\1', Photoshop"
  })
  void images_areNamed(String start, String name) {
    assertThat(of(start)).isEqualTo(new FileKind(name, true));
  }

  @ParameterizedTest
  @CsvSource({
    "%PDF-1.7, PDF",
    "'<svg xmlns=', SVG",
    "<!DOCTYPE html>, HTML",
    "'\\0\\0\\0\\30ftypisom\\0\\0\\2\\0', MP4 or another video",
    "'\\32E\\337\\243', MP4 or another video",
    "'RIFF\\0\\0\\0\\0AVI LIST', MP4 or another video",
    "'RIFF\\0\\0\\0\\0WAVEfmt ', other file",
    "'PK\\3\\4\\24\\0', ZIP archive",
    "'\\177ELF\\2\\1\\1\\0', other file",
    "'{\"name\": \"m\\303\\251\"}', text"
  })
  void otherFiles_areNamed(String start, String name) {
    assertThat(of(start)).isEqualTo(new FileKind(name, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BM is a word",
        "BMW\tand\r\nothers",
        "P6 and P7 are trains",
        "P3",
        "GIF89a is a format",
        "PF\\nnext line",
        "qoif, too",
        "8BPS"
      })
  void textThatBeginsLikeAnImage_isText(String text) {
    assertThat(of(text)).isEqualTo(new FileKind("text", false));
  }

  @Test
  void emptyFile_isNoImage() {
    assertThat(FileKind.of(new byte[0])).isEqualTo(new FileKind("empty file", false));
  }

  /** No file is so short that it is read beyond its end. */
  @Test
  void beginnings_areNoImages() {
    byte[] png = "\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1);
    for (int length = 1; length < png.length; length++) {
      assertThat(FileKind.of(Arrays.copyOf(png, length)).isImage()).isFalse();
    }
  }
}
