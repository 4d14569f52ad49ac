// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.AlignmentException;
import io.omote.face.Face;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/** Converts rows of images to rows of faces, on an executor. Sent there by Java serialization. */
final class FaceFinder implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final String models;
  private final int path;
  private final int modified;
  private final int length;
  private final int content;
  private final SerializableConfiguration configuration;

  /**
   * Creates a finder.
   *
   * @param columns the names of the columns of images
   */
  FaceFinder(String models, List<String> columns, SerializableConfiguration configuration) {
    this.models = models;
    this.path = columns.indexOf(FaceColumns.PATH);
    this.modified = columns.indexOf(FaceColumns.MODIFIED);
    this.length = columns.indexOf(FaceColumns.LENGTH);
    this.content = columns.indexOf("content");
    this.configuration = configuration;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> images) {
    // Lazily, so that only one image is in memory.
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(images, Spliterator.ORDERED), false)
        .flatMap(row -> rows(row).stream())
        .iterator();
  }

  private List<Row> rows(Row row) {
    ExecutorNetworks networks = ExecutorNetworks.of(models);
    String modelId = networks.embedder().modelId();
    Object[] which = {at(row, path), at(row, modified), at(row, length)};
    try {
      FaceImage image = read(row);
      List<Face> faces = networks.detector().detect(image);
      return faces.isEmpty()
          ? List.of(FaceColumns.withoutFace(which, modelId))
          : rows(which, image, faces, networks, modelId);
    } catch (ImageException e) {
      return List.of(FaceColumns.unreadable(which, e, modelId));
    }
  }

  private static @Nullable Object at(Row row, int column) {
    return column < 0 ? null : row.get(column);
  }

  private FaceImage read(Row row) {
    if (content >= 0 && !row.isNullAt(content)) {
      return FaceImage.read(row.<byte[]>getAs(content));
    }
    Path file = new Path(row.getString(path));
    try (InputStream stream = file.getFileSystem(configuration.value()).open(file)) {
      return FaceImage.read(stream);
    } catch (IOException e) {
      throw new ImageException(
          ImageException.Reason.UNREADABLE,
          "a readable file",
          e.toString(),
          "check the storage",
          e);
    }
  }

  private static List<Row> rows(
      Object[] which,
      FaceImage image,
      List<Face> faces,
      ExecutorNetworks networks,
      String modelId) {
    List<Row> rows = new ArrayList<>();
    try {
      List<FaceEmbedding> embeddings = networks.embedder().embed(image, faces);
      for (int i = 0; i < faces.size(); i++) {
        rows.add(FaceColumns.ofFace(which, i, faces.get(i), embeddings.get(i), null, modelId));
      }
    } catch (AlignmentException e) {
      // One face cannot be aligned: embed each on its own.
      for (int i = 0; i < faces.size(); i++) {
        rows.add(row(which, image, i, faces.get(i), networks, modelId));
      }
    }
    return rows;
  }

  private static Row row(
      Object[] which,
      FaceImage image,
      int number,
      Face face,
      ExecutorNetworks networks,
      String modelId) {
    try {
      FaceEmbedding embedding = networks.embedder().embed(image, face);
      return FaceColumns.ofFace(which, number, face, embedding, null, modelId);
    } catch (AlignmentException e) {
      return FaceColumns.ofFace(which, number, face, null, e.getMessage(), modelId);
    }
  }
}
