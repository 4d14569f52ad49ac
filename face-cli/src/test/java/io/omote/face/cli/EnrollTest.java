// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code enroll} keeps what was enrolled when it ends early. */
class EnrollTest {
  @TempDir private Path folder;
  @TempDir private Path log;
  private Path people;
  private Path gallery;

  @BeforeEach
  void name() {
    people = folder.resolve("people");
    gallery = folder.resolve("gallery");
  }

  /** Creates many copies of one image. */
  private void copies(String person, int count) throws IOException {
    Path first = Images.admiral(people.resolve(person).resolve("0.jpg"), 160);
    for (int i = 1; i < count; i++) {
      Files.copy(first, first.resolveSibling(i + ".jpg"));
    }
  }

  private void notAnImage(String person) throws IOException {
    Files.createDirectories(people.resolve(person));
    Files.writeString(people.resolve(person).resolve("1.jpg"), "no image");
  }

  /** Returns a writer that runs an action at the end of a given line. */
  private static PrintWriter after(int lines, StringWriter text, Runnable action) {
    AtomicInteger ended = new AtomicInteger();
    return new PrintWriter(
        new FilterWriter(text) {
          @Override
          public void write(String words, int from, int length) throws IOException {
            super.write(words, from, length);
            if (words.indexOf('\n', from) >= 0 && ended.incrementAndGet() == lines) {
              action.run();
            }
          }
        },
        true);
  }

  private Run enroll(int lines, Runnable action, Object... options) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words =
        Stream.concat(Stream.of(gallery, people), Arrays.stream(options))
            .map(Object::toString)
            .toArray(String[]::new);
    boolean json = List.of(words).contains("--json");
    int exitCode =
        Commands.commandLine(new Enroll())
            .setOut(json ? after(lines, out, action) : new PrintWriter(out, true))
            .setErr(json ? new PrintWriter(err, true) : after(lines, err, action))
            .execute(words);
    return new Run(exitCode, out.toString(), err.toString());
  }

  /** The folder disappears after the first batch: only the second batch is still embedded. */
  @Test
  void galleryThatFails_endsTheRun() throws IOException {
    copies("a", 320);
    Path moved = folder.resolve("moved");
    Run run =
        enroll(
            100,
            () -> {
              try {
                Files.move(gallery, moved);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            "--json");

    assertThat(run.exitCode()).as(run.err()).isOne();
    assertThat(run.out().lines()).hasSize(100).allMatch(line -> line.contains("\"enrolled\":true"));
    assertThat(run.err().lines())
        .satisfiesExactly(
            end ->
                assertThat(end).isEqualTo("ended early: 100 images enrolled, 0 left out, of 320"),
            why -> assertThat(why).startsWith("the gallery " + gallery + " has lost its lock"));
    assertThat(People.names(moved)).hasSize(100);
  }

  @Test
  void interrupt_keepsWhatWasEmbedded() throws IOException {
    copies("a", 2);
    notAnImage("b");
    copies("c", 2);
    try {
      Run run = enroll(1, () -> Thread.currentThread().interrupt());

      assertThat(run.exitCode()).isOne();
      assertThat(run.err()).contains("ended early: 2 images enrolled, 1 left out, of 5");
    } finally {
      Thread.interrupted();
    }
    assertThat(People.names(gallery)).containsExactly("a", "a");
  }

  @Test
  void anyError_keepsWhatWasEmbedded() throws IOException {
    copies("a", 2);
    notAnImage("b");
    copies("c", 2);
    try {
      enroll(
          1,
          () -> {
            throw new OutOfMemoryError("for a test");
          });
    } catch (OutOfMemoryError e) {
      assertThat(e).hasMessage("for a test");
    }
    assertThat(People.names(gallery)).containsExactly("a", "a");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void signal_keepsWhatWasEmbedded() throws Exception {
    copies("a", 2);
    notAnImage("b");
    copies("c", 1000);
    CommandProcess command = new CommandProcess(log);
    Process process =
        command.start("enroll", CommandProcess.word(gallery), CommandProcess.word(people));
    while (process.isAlive() && !Files.readString(log.resolve("err")).contains("left out")) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
    }
    process.destroy();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Run run = command.ended(process);
    assertThat(run.exitCode()).isEqualTo(143);
    assertThat(run.err()).containsPattern("ended early: \\d+ images enrolled, 1 left out, of 1003");
    String enrolled = run.err().replaceAll("(?s).*early: (\\d+) .*", "$1");
    assertThat(People.names(gallery))
        .hasSizeGreaterThanOrEqualTo(2)
        .hasSizeLessThan(1002)
        .hasSize(Integer.parseInt(enrolled));
  }

  /** 49 megapixels are 147 MB of pixels. */
  @Test
  void imageTooLargeForTheMemory_endsThatImageOnly() throws Exception {
    copies("a", 1);
    Files.createDirectories(people.resolve("b"));
    ImageIO.write(
        new BufferedImage(7000, 7000, BufferedImage.TYPE_BYTE_GRAY),
        "jpg",
        people.resolve("b/large.jpg").toFile());
    copies("c", 1);

    Run run =
        new CommandProcess(log)
            .java("-Xmx120m")
            .run("enroll", CommandProcess.word(gallery), CommandProcess.word(people));

    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    assertThat(run.err()).contains("large.jpg: expected ").doesNotContain("\tat ");
    assertThat(People.names(gallery)).containsExactly("a", "c");
  }
}
