// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.evaluation.Protocol.Pair;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of pairs as spreadsheets and programs write them, and each comparison only once. */
class CsvPairsTest {
  private static final Pair MATED = new Pair(0, 1, true, 0);
  private static final Pair NON_MATED = new Pair(0, 2, false, 0);

  @TempDir private Path folder;

  @BeforeEach
  void makeImages() throws IOException {
    for (String name : new String[] {"a.jpg", "b.jpg", "c.jpg", "ä;1.jpg", "sub/d.jpg"}) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }

  private Protocol read(String name, byte[] content) throws IOException {
    return Protocol.read(Files.write(folder.resolve(name), content));
  }

  private Protocol read(String content) throws IOException {
    return read("pairs.csv", content.getBytes(StandardCharsets.UTF_8));
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(String content) {
    return assertThatThrownBy(() -> read(content))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("pairs.csv");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image1,image2,same\na.jpg,b.jpg,1\na.jpg,c.jpg,0\n",
        "image1;image2;same\r\na.jpg;b.jpg;1\r\na.jpg;c.jpg;0\r\n",
        "image1\timage2\tsame\ra.jpg\tb.jpg\t1\ra.jpg\tc.jpg\t0",
        "image1|image2|same\na.jpg|b.jpg|1\na.jpg|c.jpg|0",
        "sep=;\r\nimage1;image2;same\r\na.jpg;b.jpg;1\r\na.jpg;c.jpg;0\r\n",
        "\"sep=;\"\nimage1;image2;same\na.jpg;b.jpg;1\na.jpg;c.jpg;0\n",
        "SEP=:\nimage1:image2:same\na.jpg:b.jpg:1\na.jpg:c.jpg:0\n",
        "sep=,\nimage1;image2;same\na.jpg;b.jpg;1\na.jpg;c.jpg;0\n",
        "sep=\t\nimage1\timage2\tsame\na.jpg\tb.jpg\t1\na.jpg\tc.jpg\t0\n",
        "\n \nimage1,image2,same\n\n,,\na.jpg,b.jpg,1\n  \na.jpg,c.jpg,0\n,,,\n\n",
        "\"Same\" , \"IMAGE2\",Image1,comment\nYES, b.jpg , \"a.jpg\" ,\"two\nlines\"\nno,c.jpg,a.jpg\n",
        "image1,image2,same,,\na.jpg,b.jpg,TRUE,,\na.jpg,c.jpg,False,,\n",
        "image1,image2,same\na.jpg,b.jpg,Same,\na.jpg,c.jpg,different,\n"
      })
  void read_ofATableOfAnyForm_findsItsPairs(String table) throws IOException {
    for (Charset encoding :
        new Charset[] {
          StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE
        }) {
      for (String start : new String[] {"", "\ufeff"}) {
        for (String name : new String[] {"pairs.csv", "pairs.txt"}) {
          assertThat(read(name, (start + table).getBytes(encoding)).pairs())
              .containsExactlyInAnyOrder(MATED, NON_MATED);
        }
      }
    }
  }

  @Test
  void read_ofLettersAndSeparatorsInNames_findsThem() throws IOException {
    String table = "image1;image2;same\n\"ä;1.jpg\";b.jpg;1\n";
    for (Charset encoding : new Charset[] {StandardCharsets.UTF_8, StandardCharsets.UTF_16LE}) {
      assertThat(read("pairs.csv", table.getBytes(encoding)).images())
          .containsExactly("ä;1.jpg", "b.jpg");
    }
  }

  @Test
  void read_ofPairsTxtInUtf16_findsItsPairs() throws IOException {
    Files.createDirectories(folder.resolve("Ann"));
    Files.writeString(folder.resolve("Ann/Ann_0001.jpg"), "1");
    Files.writeString(folder.resolve("Ann/Ann_0002.jpg"), "2");
    Files.createDirectories(folder.resolve("Bob"));
    Files.writeString(folder.resolve("Bob/Bob_0001.jpg"), "3");
    byte[] text = "\ufeff1\r\nAnn\t1\t2\r\nAnn\t1\tBob\t1\r\n".getBytes(StandardCharsets.UTF_16LE);
    assertThat(read("pairs.txt", text).pairs()).containsExactly(MATED, NON_MATED);
    assertThat(read("a list", text).pairs()).containsExactly(MATED, NON_MATED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "a.jpg,b.jpg,1 ! the columns image1, image2 and same in line 1 ! found 'a.jpg,b.jpg,1'",
        "image1:image2:same\\na.jpg:b.jpg:1 ! in line 1 ! found 'image1:image2:same'",
        "sep=;\\nimage1:image2:same ! in line 2 ! found 'image1:image2:same'",
        "sep=; ! in line 1 ! the columns",
        "sep=\"\\nimage1\"image2\"same ! in line 1 ! found 'sep=",
        "image1,image2\\na.jpg,b.jpg ! in line 1 ! found 'image1,image2'",
        "image1,same,image2,same\\na,1,b,0 ! the column same once in line 1 ! found it twice",
        "image1,image2,same\\n\\na.jpg;b.jpg;1 ! image2 and commas ! in line 3 ",
        "image1;image2;same\\na.jpg,b.jpg,1 ! image2 and semicolons ! in line 2 ",
        "image1\\timage2\\tsame\\na.jpg b.jpg 1 ! image2 and tabs ! found 'a.jpg b.jpg 1'",
        "image1,image2,same\\n\\na.jpg,b.jpg ! a cell same and commas ! in line 3 ",
        "image1,image2,same\\na.jpg,,1 ! a cell image2 ! in line 2 ",
        "image1,image2,same\\na,1.jpg,b.jpg,1 ! 3 cells separated by commas in line 2 ! found 4",
        "image1,image2,same\\na.jpg,b.jpg,2 ! 1 or 0 in the column same in line 2 ! found '2'",
        "image1,image2,same\\na.jpg,b.jpg,ja ! in line 2 ! true, yes or same for one person",
        "image1,image2,same\\na.jpg,c.jpg,0\\n\"a.jpg,b.jpg,1\\n ! quotation marks ! in line 3 ",
        "image1,image2,same\\n\"a\" b.jpg,c.jpg,0 ! quotation marks ! in line 2 ",
        "image1,image2,same\\na.jpg,\"\\0b.jpg\",0 ! text in line 2 ! found other file with the character code 0",
        "PK\\003\\004 a workbook ! text in line 1 ! found ZIP archive with the character code 3",
        "image1,image2,same ! a comparison of two images ! found none: add lines"
      })
  void read_ofAnotherForm_namesTheLineAndWhatItFound(String table, String expected, String found) {
    assertRefused(table.translateEscapes())
        .hasMessageContainingAll(expected.strip(), found.strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"windows-1252", "ISO-8859-1", "IBM850"})
  void read_ofAnotherEncoding_namesTheLine(String encoding) {
    byte[] table =
        "image1;image2;same\na.jpg;b.jpg;1\nGröße.jpg;b.jpg;1\n"
            .getBytes(Charset.forName(encoding));
    assertThatThrownBy(() -> read("pairs.csv", table))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContainingAll(
            "expected text in UTF-8 or UTF-16 in line 3 of ", "pairs.csv", "Windows-1252");
    assertThatThrownBy(
            () -> read("pairs.txt", "1\nGröße 1 2\n".getBytes(Charset.forName(encoding))))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContainingAll("in line 2 of ", "pairs.txt", "Windows-1252");
  }

  @Test
  void read_ofTextWithoutLineEnds_isRefusedBeforeItFillsMemory() {
    assertRefused("x".repeat(100_001)).hasMessageContaining("more than 100000 characters in one");
  }

  /** What a terminal obeys does not reach it. */
  @Test
  void read_ofControlCharacters_doesNotRepeatThem() {
    assertRefused("image1,image2,same\na.jpg,b.jpg,\u009b31m" + "x".repeat(100))
        .message()
        .doesNotContain("\u009b")
        .contains("xxx...'");
  }

  @Test
  void read_ofRepeatedComparisons_countsEachOnce() throws IOException {
    Files.createLink(folder.resolve("hard.jpg"), folder.resolve("a.jpg"));
    Files.createSymbolicLink(folder.resolve("soft.jpg"), Path.of("sub/../a.jpg"));
    Protocol protocol =
        read(
            """
            image1,image2,same
            a.jpg,b.jpg,1
            a.jpg,b.jpg,1
            b.jpg,a.jpg,1
            ./a.jpg,sub/../b.jpg,1
            sub//d.jpg,c.jpg,0
            c.jpg,sub/d.jpg,0
            hard.jpg,b.jpg,1
            b.jpg,soft.jpg,1
            """
                + folder.resolve("b.jpg")
                + ",a.jpg,1\n");
    assertThat(protocol.images()).containsExactly("a.jpg", "b.jpg", "sub//d.jpg", "c.jpg");
    assertThat(protocol.pairs()).containsExactly(MATED, new Pair(2, 3, false, 0));
    assertThat(protocol.size()).isEqualTo(2);
    assertThat(protocol.notes()).containsExactly("7 repeated comparisons counted once.");
    assertThat(protocol.examples())
        .containsExactly("7 repeated comparisons counted once (first: line 3 repeats line 2).");
  }

  @Test
  void read_ofCopies_countsThemAsOneImageAndSaysSo() throws IOException {
    Files.copy(folder.resolve("a.jpg"), folder.resolve("copy.jpg"));
    Protocol protocol =
        read(
            """
            image1,image2,same
            a.jpg,copy.jpg,1
            a.jpg,a.jpg,1
            copy.jpg,b.jpg,1
            b.jpg,a.jpg,yes
            copy.jpg,a.jpg,0
            a.jpg,c.jpg,0
            """);
    assertThat(protocol.images()).containsExactly("a.jpg", "b.jpg", "c.jpg");
    assertThat(protocol.pairs()).containsExactly(MATED, NON_MATED);
    assertThat(protocol.examples())
        .containsExactly(
            "1 image with the content of another image counted as that image (first: copy.jpg, as"
                + " a.jpg).",
            "1 repeated comparison counted once (first: line 5 repeats line 4).",
            "2 comparisons of an image with itself or with a copy not counted (first: a.jpg and"
                + " copy.jpg in line 2).",
            "1 comparison of two people not counted, because both images have equal content"
                + " (first: copy.jpg and a.jpg in line 6).");
    assertThat(protocol.notes()).hasSize(4).noneMatch(text -> text.contains(".jpg"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image1,image2,same\na.jpg,b.jpg,1\nc.jpg,b.jpg,0\na.jpg,b.jpg,0\n",
        "image1,image2,same\na.jpg,b.jpg,0\nc.jpg,b.jpg,0\nb.jpg,./a.jpg,1\n"
      })
  void read_ofAPairAsOneAndAsTwoPeople_namesBothLines(String table) {
    assertRefused(table)
        .hasMessageContainingAll("one person in line ", "two people in line ", "line 2", "line 4");
  }

  @Test
  void read_ofOneFileAsTwoPeople_isRefused() {
    assertRefused("image1,image2,same\na.jpg,b.jpg,1\na.jpg,sub/../a.jpg,0\n")
        .hasMessageContainingAll("two people in line 3", "one file");
  }

  @Test
  void read_ofImagesWithThemselvesOnly_isRefused() {
    assertRefused("image1,image2,same\na.jpg,a.jpg,1\n")
        .hasMessageContainingAll("expected a comparison", "1 comparison of an image with itself");
  }

  @Test
  void read_ofMissingImages_namesTheFirstWithItsLine() {
    assertRefused("image1,image2,same\na.jpg,b.jpg,1\nsub,none.jpg,0\n")
        .hasMessageContainingAll("expected all 4 images", "2 are missing, first sub in line 3");
  }
}
