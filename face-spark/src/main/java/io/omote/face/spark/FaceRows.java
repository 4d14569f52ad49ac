// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.AlignmentException;
import io.omote.face.Face;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.FaceSelection;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/** Makes the rows of images and their faces. Used by one task. */
final class FaceRows {
  private final FaceSettings settings;
  private final ImageColumns columns;
  private final ExecutorNetworks networks;
  private final boolean instants;

  /**
   * Creates a maker of rows.
   *
   * @param instants whether a timestamp is an {@code Instant} rather than a {@code Timestamp}
   */
  FaceRows(
      FaceSettings settings, ImageColumns columns, ExecutorNetworks networks, boolean instants) {
    this.settings = settings;
    this.columns = columns;
    this.networks = networks;
    this.instants = instants;
  }

  /** Returns the rows of the faces of an image, or the only row of one without faces. */
  List<Row> of(Row row, FaceImage image) {
    List<Face> faces = networks.detector().detect(image);
    if (faces.isEmpty()) {
      return List.of(row(row, FaceColumns.NO_FACE, null, image, null, now()));
    }
    List<FaceValues> values = values(image, faces);
    Object processed = now();
    List<Row> rows = new ArrayList<>();
    for (FaceValues face : values) {
      rows.add(
          row(
              row,
              face.embedding() == null ? FaceColumns.NOT_ALIGNED : FaceColumns.OK,
              face.problem(),
              image,
              face,
              processed));
    }
    return rows;
  }

  /** Returns the only row of an image that could not be used. */
  Row without(Row row, String status, String problem) {
    return row(row, status, problem, null, null, now());
  }

  private Object now() {
    Instant now = Instant.now();
    return instants ? now : Timestamp.from(now);
  }

  /** The results for a face. */
  private record FaceValues(
      int number,
      Face face,
      boolean central,
      @Nullable FaceEmbedding embedding,
      @Nullable String problem,
      List<@Nullable Object> analyses) {}

  private List<FaceValues> values(FaceImage image, List<Face> faces) {
    List<@Nullable FaceEmbedding> embeddings = new ArrayList<>();
    List<@Nullable String> problems = new ArrayList<>();
    embed(image, faces, embeddings, problems);
    FaceAnalyses analyses = new FaceAnalyses(image, faces, networks);
    List<List<@Nullable Object>> analyzed =
        settings.analyzers().stream().map(analyses::column).toList();
    Face central = FaceSelection.CENTRAL.select(faces, image.width(), image.height()).orElseThrow();
    List<FaceValues> values = new ArrayList<>();
    for (int i = 0; i < faces.size(); i++) {
      int number = i;
      values.add(
          new FaceValues(
              number,
              faces.get(i),
              faces.get(i) == central,
              embeddings.get(i),
              problems.get(i),
              analyzed.stream().<@Nullable Object>map(column -> column.get(number)).toList()));
    }
    return values;
  }

  private void embed(
      FaceImage image,
      List<Face> faces,
      List<@Nullable FaceEmbedding> embeddings,
      List<@Nullable String> problems) {
    try {
      embeddings.addAll(networks.embedder().embed(image, faces));
      faces.forEach(face -> problems.add(null));
    } catch (AlignmentException e) {
      // One face cannot be aligned: embed each on its own.
      for (Face face : faces) {
        try {
          embeddings.add(networks.embedder().embed(image, face));
          problems.add(null);
        } catch (AlignmentException ofThis) {
          embeddings.add(null);
          problems.add(ofThis.getMessage());
        }
      }
    }
  }

  private Row row(
      Row row,
      String status,
      @Nullable String problem,
      @Nullable FaceImage image,
      @Nullable FaceValues values,
      Object processed) {
    List<@Nullable Object> cells = new ArrayList<>();
    cells.add(ImageColumns.at(row, columns.path()));
    cells.add(ImageColumns.at(row, columns.modified()));
    cells.add(ImageColumns.at(row, columns.length()));
    cells.add(status);
    cells.add(problem);
    cells.add(image == null ? null : image.width());
    cells.add(image == null ? null : image.height());
    addFace(cells, values);
    cells.add(networks.embedder().modelId());
    cells.add(processed);
    for (int i = 0; i < settings.analyzers().size(); i++) {
      cells.add(values == null ? null : values.analyses().get(i));
    }
    columns.own().forEach(own -> cells.add(row.get(own)));
    return RowFactory.create(cells.toArray());
  }

  private void addFace(List<@Nullable Object> cells, @Nullable FaceValues values) {
    FaceEmbedding embedding = values == null ? null : values.embedding();
    cells.add(values == null ? null : values.number());
    cells.add(values == null ? null : values.central());
    cells.add(values == null ? null : FaceColumns.box(values.face().box()));
    cells.add(
        values == null ? null : values.face().landmarks().map(FaceColumns::points).orElse(null));
    cells.add(values == null ? null : values.face().score());
    cells.add(embedding == null ? null : embedding.toBytes());
    if (settings.vector()) {
      cells.add(embedding == null ? null : embedding.toArray());
    }
  }
}
