// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceModels;
import io.omote.face.GeneratedModels;
import io.omote.face.ModelException;
import io.omote.face.SyntheticModels;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ScrfdModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** A file that is not a model file is named; in a folder it is skipped. */
class FileGuessTest {
  private static final String LFS =
      "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 174383860\n"
          .formatted("5a".repeat(32));

  @TempDir Path folder;

  static Stream<Arguments> otherFiles() throws IOException {
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(zip)) {
      out.putNextEntry(new ZipEntry("det_10g.onnx"));
      out.write(new byte[1000]);
    }
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(new byte[1000]);
    }
    byte[] appleDouble = new byte[4096];
    System.arraycopy(new byte[] {0, 5, 0x16, 7, 0, 2}, 0, appleDouble, 0, 6);
    return Stream.of(
        Arguments.of(text(LFS), "a Git LFS pointer, not the file: run git lfs pull"),
        Arguments.of(text("/annex/objects/SHA256E-s1--00.onnx\n"), "run git annex get"),
        Arguments.of(text("\n<!DOCTYPE html>\n<html><body>Sign in</body></html>"), "a web page"),
        Arguments.of(text("\ufeff<html lang=\"en\">"), "a web page"),
        Arguments.of(text("<?xml version=\"1.0\"?><Error/>"), "XML or JSON"),
        Arguments.of(text("{\"error\": \"not found\"}"), "XML or JSON"),
        Arguments.of(zip.toByteArray(), "a zip archive or a PyTorch file"),
        Arguments.of(gzip.toByteArray(), "a gzip archive"),
        Arguments.of(appleDouble, "AppleDouble"),
        Arguments.of(new byte[0], "an empty file"));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("otherFiles")
  void create_ofAnotherFile_namesIt(byte[] content, String name) throws IOException {
    Path file = Files.write(folder.resolve("det_10g.onnx"), content);
    assertThatThrownBy(() -> FaceDetector.builder(ScrfdModel.of(file)).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(file.toString(), name);
    assertThatThrownBy(() -> FaceEmbedder.builder(EmbedderModel.of(file)).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(file.toString(), name);
  }

  @Test
  void create_ofWhatIsNoFile_saysSo() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("directory.onnx"));
    Path dangling = Files.createSymbolicLink(folder.resolve("a.onnx"), Path.of("gone.onnx"));
    Path annex =
        Files.createSymbolicLink(
            folder.resolve("b.onnx"), Path.of(".git/annex/objects/x/y/SHA256E-s1--00.onnx"));
    assertMessage(directory, "it is a folder");
    assertMessage(dangling, "a link to gone.onnx, which is missing");
    assertMessage(annex, "a link of git-annex, not the file: run git annex get");
  }

  private static void assertMessage(Path file, String found) {
    assertThatThrownBy(() -> FaceEmbedder.builder(EmbedderModel.of(file)).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(file.toString(), found);
  }

  private void strays() throws IOException {
    Files.writeString(folder.resolve("w600k_r50.onnx"), LFS);
    Files.write(folder.resolve("._generated.onnx"), new byte[] {0, 5, 0x16, 7, 0, 2, 0, 0});
    Files.createFile(folder.resolve("empty.onnx"));
    Files.createFile(folder.resolve("two\nlines.onnx"));
    Files.createDirectory(folder.resolve("folder.onnx"));
    Files.createSymbolicLink(folder.resolve("link.onnx"), folder.resolve("gone.onnx"));
    Files.write(folder.resolve("cut.onnx"), new byte[] {7 << 3 | 2, 100, 1});
    Files.write(folder.resolve("generated.onnx.data"), new byte[8]);
  }

  /** Reads the folder; returns what is logged. */
  private List<String> logged(FaceModels expected) {
    Logger logger =
        (Logger) LoggerFactory.getLogger("io.omote.face.internal.network.ModelDirectory");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      assertThat(FaceModels.ofDirectory(folder)).isEqualTo(expected);
    } finally {
      logger.detachAppender(log);
    }
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void ofDirectory_withStrays_leavesThemOutAndLogsEach() throws IOException {
    Path embedder = GeneratedModels.embedder(folder).file().path().orElseThrow();
    Path detector = GeneratedModels.detector(folder).file().path().orElseThrow();
    strays();
    List<String> lines = logged(FaceModels.of(detector, embedder));
    assertThat(lines).hasSize(7).noneMatch(line -> line.contains("\n"));
    assertThat(lines)
        .anyMatch(line -> line.contains("w600k_r50.onnx") && line.contains("git lfs pull"))
        .anyMatch(line -> line.contains("._generated.onnx") && line.contains("AppleDouble"))
        .anyMatch(line -> line.contains("empty.onnx") && line.contains("an empty file"))
        .anyMatch(line -> line.contains("folder.onnx") && line.contains("it is a folder"))
        .anyMatch(line -> line.contains("link.onnx") && line.contains("gone.onnx"))
        .anyMatch(line -> line.contains("cut.onnx") && line.contains("damaged"));
  }

  @Test
  void ofDirectory_withSeveralCoefficientsOfAMesh_logsTheirNamesInOneLine() throws IOException {
    Path embedder = GeneratedModels.embedder(folder).file().path().orElseThrow();
    Path detector = GeneratedModels.detector(folder).file().path().orElseThrow();
    SyntheticModels.coefficients(folder.resolve("one.onnx"), 0);
    SyntheticModels.coefficients(folder.resolve("two\nlines.onnx"), 0);
    assertThat(logged(FaceModels.of(detector, embedder)))
        .containsExactly(
            "several files are the coefficients of a face mesh, none is used: one.onnx, two lines.onnx");
  }

  @Test
  void ofDirectory_whereANetworkIsMissing_saysWhatWasLeftOut() throws IOException {
    GeneratedModels.detector(folder);
    strays();
    assertThatThrownBy(() -> FaceModels.ofDirectory(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(
            "a recognizer", "skipped: ", "w600k_r50.onnx", "git lfs pull", "cut.onnx");
  }
}
