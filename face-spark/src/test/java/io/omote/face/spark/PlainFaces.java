// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.AlignmentException;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.ImageException;
import io.omote.face.models.ModelZoo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Texts that make the results of one JVM without Spark comparable with rows: for each image its
 * faces with box, landmarks, score and embedding, exact to the bit, or the reason why it has none.
 */
final class PlainFaces {
  private PlainFaces() {}

  static Map<String, String> of(Path folder) throws Exception {
    FaceModels models = ModelZoo.lite();
    Map<String, String> images = new TreeMap<>();
    try (FaceDetector detector = FaceDetector.builder(models.detector()).threads(1).build();
        FaceEmbedder embedder = FaceEmbedder.builder(models.embedder()).threads(1).build();
        Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        images.put(folder.relativize(file).toString(), describe(file, detector, embedder));
      }
    }
    return images;
  }

  private static String describe(Path file, FaceDetector detector, FaceEmbedder embedder) {
    try {
      FaceImage image = FaceImage.read(file);
      List<Face> faces = detector.detect(image);
      List<FaceEmbedding> embeddings = embedder.embed(image, faces);
      return faces.isEmpty()
          ? "NO_FACE"
          : IntStream.range(0, faces.size())
              .mapToObj(i -> describe(i, faces.get(i), embeddings.get(i).toBytes()))
              .collect(Collectors.joining("\n"));
    } catch (ImageException e) {
      return e.reason().name();
    } catch (AlignmentException e) {
      throw new AssertionError("a face of a test image could not be aligned", e);
    }
  }

  private static String describe(int number, Face face, byte[] embedding) {
    return "%d: [%s,%s,%s,%s] %s %s %s"
        .formatted(
            number,
            face.box().left(),
            face.box().top(),
            face.box().right(),
            face.box().bottom(),
            face.landmarks().orElseThrow().points().stream()
                .map(p -> "[%s,%s]".formatted(p.x(), p.y()))
                .toList(),
            face.score(),
            Base64.getEncoder().encodeToString(embedding));
  }

  /** Returns the texts of rows, by paths relative to a folder. */
  static Map<String, String> ofRows(Dataset<Row> rows, Path folder) {
    Map<String, TreeMap<Integer, String>> faces = new TreeMap<>();
    for (Row row : rows.collectAsList()) {
      String path = row.getAs("path");
      int at = path.indexOf(folder + "/");
      if (at < 0) {
        throw new AssertionError("expected a path below %s, found %s".formatted(folder, path));
      }
      String name = path.substring(at + folder.toString().length() + 1);
      boolean isFace = row.getAs("status").equals("OK");
      int number = isFace ? row.<Integer>getAs("face") : -1;
      String before =
          faces
              .computeIfAbsent(name, image -> new TreeMap<>())
              .put(number, isFace ? describe(row) : row.getAs("status"));
      if (before != null) {
        throw new AssertionError("found face %d of %s twice".formatted(number, name));
      }
    }
    Map<String, String> images = new TreeMap<>();
    faces.forEach((name, of) -> images.put(name, String.join("\n", of.values())));
    return images;
  }

  private static String describe(Row row) {
    return "%d: %s %s %s %s"
        .formatted(
            row.<Integer>getAs("face"),
            row.getStruct(row.fieldIndex("box")),
            row.getList(row.fieldIndex("landmarks")),
            row.<Float>getAs("score"),
            Base64.getEncoder().encodeToString(row.<byte[]>getAs("embedding")));
  }
}
