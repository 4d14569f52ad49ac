// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.FaceException;
import io.omote.face.ImageException;
import io.omote.face.ImageException.Reason;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Advice that users of the command can follow. */
class MessagesTest {
  private static final List<String> MODULES =
      List.of("face-core", "face-models", "face-gallery", "face-evaluation");

  /** Texts, parts of which may be joined by plus; what is not a text stands as an X. */
  private static final Pattern TEXT =
      Pattern.compile(
          "\"(?:[^\"\\\\\n]|\\\\.)*\"(?:\\s*\\+\\s*(?:\"(?:[^\"\\\\\n]|\\\\.)*\"|[\\w.()]+))*");

  private static final Pattern METHOD = Pattern.compile("public [^;={(]*\\b(\\w+)\\(");

  private static final Pattern PART = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"|[^\\s+\"]+");

  /** Messages about what no command does. */
  private static final List<String> NOT_OF_COMMANDS =
      List.of(
          "the selection ONLY needs a detector that reports several faces", // maxFaces is not set
          "coarseToFine needs ", // is not set
          "coarseToFine stops after ",
          "ImageOptions.withReducedDecoding needs ", // is not set
          "expected efSearch from 1 to ", // is not set
          "in code, by acceptLicense()", // a record
          "modelId=%s", // not a message
          "nonMated=%", // not a message
          "expected a detector of one network, found %s: use io.omote.face.FaceDetector", // DJL
          "expected an aligned crop of ", // DJL, and embedding without a detector
          "was not measured: add the mesh of the face", // enroll always adds it
          "which holds only an analyzer: call getAnalyzer", // commands have all packs
          "to fetch an analyzer of a larger pack, call ModelPack.fetchAnalyzer");

  private static final Set<String> texts = new TreeSet<>();
  private static Pattern names;

  @BeforeAll
  static void read() throws IOException {
    Set<String> api = new TreeSet<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
        for (Path file : files.filter(MessagesTest::isSource).toList()) {
          String source = Files.readString(file).replaceAll("(?m)^ *(\\*|//).*", "");
          TEXT.matcher(source)
              .results()
              .map(text -> joined(text.group()))
              .filter(text -> text.contains(" "))
              .forEach(texts::add);
          if (!file.toString().contains("internal")) {
            api.add(file.getFileName().toString().replace(".java", ""));
            METHOD.matcher(source).results().forEach(method -> api.add(method.group(1)));
          }
        }
      }
    }
    // Others are words that texts have, too.
    api.removeIf(name -> !name.matches("[A-Za-z][a-z]+[A-Z]\\w*"));
    assertThat(api).contains("FaceMatcher", "maxConcurrentCalls", "openReadOnly");
    names = Pattern.compile(String.join("|", api).replaceAll(".+", "\\\\b(?:$0)\\\\b(?!\\\\[)"));
  }

  private static boolean isSource(Path file) {
    return file.toString().endsWith(".java") && !file.toString().contains("djl");
  }

  private static String joined(String source) {
    StringBuilder text = new StringBuilder();
    Matcher parts = PART.matcher(source);
    while (parts.find()) {
      text.append(parts.group(1) == null ? "X" : parts.group(1));
    }
    return text.toString().replace("\\\"", "\"");
  }

  private static String forUsers(String text) {
    return Messages.of(new FaceException(text));
  }

  @Test
  void adviceOfTheLibrary_namesNoMethod() {
    List<String> left = new ArrayList<>();
    for (String text : texts) {
      if (NOT_OF_COMMANDS.stream().noneMatch(text::contains)
          && names.matcher(forUsers(text)).find()) {
        left.add(text);
      }
    }
    assertThat(texts).hasSizeGreaterThan(300);
    assertThat(left).as("texts without a line in Advice").isEmpty();
  }

  @Test
  void eachAdvice_isInAText() {
    assertThat(Advice.ALL)
        .allSatisfy(
            advice -> assertThat(texts).anyMatch(text -> advice.api().matcher(text).find()));
    assertThat(NOT_OF_COMMANDS)
        .allSatisfy(known -> assertThat(texts).anyMatch(text -> text.contains(known)));
  }

  @Test
  void advice_namesTheOption_ofACommandThatHasIt() {
    CommandSpec with =
        CommandSpec.create()
            .addOption(OptionSpec.builder("--selection").build())
            .addOption(OptionSpec.builder("--embedder").build());
    ImageException several = ImageException.severalFaces(2);
    assertThat(Messages.of(several, with))
        .isEqualTo(
            "expected one face, found 2: crop the image, or choose the face with --selection");
    assertThat(Messages.of(several, CommandSpec.create()))
        .isEqualTo("expected one face, found 2: crop the image");
    FaceException folder = new FaceException("no network: name the two files with FaceModels.of");
    assertThat(Messages.of(folder, with))
        .isEqualTo("no network: name the files with --detector and --embedder");
    assertThat(Messages.of(folder)).isEqualTo("no network: name another folder");
  }

  @Test
  void models_haveTheNamesOfTheirPacks() {
    assertThat(forUsers("expected fr_feature:87aacdfe5751, found b:012345678901"))
        .isEqualTo("expected lite (fr_feature:87aacdfe5751), found b:012345678901");
  }

  @Test
  void causes_areInWords() {
    IOException cause = new IOException(new FileSystemException("a", null, "Permission denied"));
    FaceException failure = new FaceException("a cannot be read (" + cause + ")", cause);
    assertThat(Messages.of(failure)).isEqualTo("a cannot be read (access is denied)");
    assertThat(Messages.of(new FaceException("not read (" + cause.getCause() + ")", cause)))
        .isEqualTo("not read (access is denied)");
  }

  @Test
  void adviceThatUsersCanFollow_stays() {
    String text =
        new ImageException(Reason.UNREADABLE, "a readable image", "no file", "check the path", null)
            .getMessage();
    assertThat(forUsers(text)).isEqualTo(text);
  }

  /** What the system says about a file, with the name again, is in brackets. */
  @Test
  void reasonsOfTheSystem_areInWords() {
    IOException cause = new FileSystemException("a.jpg/b", null, "Not a directory");
    FaceException failure =
        new ImageException(
            Reason.UNREADABLE, "an image", "an error (" + cause.getMessage() + ")", "check", cause);
    assertThat(Messages.of(failure))
        .isEqualTo("expected an image, found an error (a part of its path is not a folder): check");
  }
}
