// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.Landmarks.Point;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Biometric data and names of images appear neither in the log, at any level, nor in texts. */
class PrivacyTest {
  private static final Path SAMPLES = Path.of("../samples");
  private static final String NAME = "jane_doe_secret";

  private final Logger root =
      ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Level before = root.getLevel();

  @TempDir Path folder;

  @BeforeEach
  void capture() {
    root.setLevel(Level.TRACE);
    log.start();
    root.addAppender(log);
  }

  @AfterEach
  void release() {
    root.detachAppender(log);
    root.setLevel(before);
  }

  @Test
  void mainPaths_keepSilentAboutPeople() throws Exception {
    Path file = Files.copy(SAMPLES.resolve("grace_hopper.jpg"), folder.resolve(NAME + ".jpg"));
    Path broken = Files.write(folder.resolve(NAME + "_broken.jpg"), new byte[] {1, 2, 3});
    FaceModels models = ModelZoo.lite();
    List<String> secrets = new ArrayList<>(List.of(NAME));
    List<Object> values = new ArrayList<>();
    try (FaceDetector detector = FaceDetector.create(models);
        FaceEmbedder embedder = FaceEmbedder.create(models);
        FaceMatcher matcher = FaceMatcher.create(models)) {
      FaceImage image = FaceImage.read(file);
      List<Face> faces = detector.detect(image);
      assertThat(faces).isNotEmpty();
      List<FaceEmbedding> embeddings = embedder.embed(image, faces);
      values.addAll(List.of(image, faces, embeddings, models));
      values.add(matcher.compare(file, file));
      values.addAll(List.of(matcher, detector, embedder));
      for (Face face : faces) {
        values.add(face.landmarks());
        face.landmarks().orElseThrow().points().forEach(point -> secrets.addAll(numbersOf(point)));
        values.addAll(face.landmarks().orElseThrow().points());
      }
      for (FaceEmbedding embedding : embeddings) {
        for (float number : embedding.toArray()) {
          secrets.addAll(textsOf(number));
        }
      }
      assertThat(failureOf(matcher, broken)).as("the error about this very file").contains(NAME);
    }
    assertThat(log.list).as("TRACE is on").anyMatch(e -> e.getLevel() == Level.DEBUG);
    String texts = String.join("\n", log.list.stream().map(PrivacyTest::textOf).toList());
    assertThat(texts).doesNotContain(secrets);
    assertThat(values.toString()).doesNotContain(secrets);
  }

  private static String failureOf(FaceMatcher matcher, Path broken) {
    try {
      return matcher.embed(broken).toString();
    } catch (FaceException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String textOf(ILoggingEvent event) {
    return event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy());
  }

  private static List<String> numbersOf(Point point) {
    List<String> numbers = new ArrayList<>(textsOf(point.x()));
    numbers.addAll(textsOf(point.y()));
    return numbers;
  }

  /**
   * Returns a number as it would be printed, in full and with six decimals, without short texts,
   * which appear elsewhere by chance.
   */
  private static List<String> textsOf(float number) {
    return List.of(Float.toString(number), String.format(Locale.ROOT, "%.6f", number)).stream()
        .filter(text -> text.length() >= 8)
        .toList();
  }
}
