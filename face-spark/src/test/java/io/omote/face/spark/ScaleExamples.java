// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceAlbums;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.FaceGraph;
import io.omote.face.GalleryEntry;
import io.omote.face.description.OperatingPoint;
import io.omote.face.evaluation.OperatingPointFile;
import io.omote.face.evaluation.ThresholdCounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The code of docs/scale.md. */
final class ScaleExamples {
  private ScaleExamples() {}

  static void find(SparkSession spark, String archive, String output) {
    Dataset<Row> images = SparkFaces.list(spark, archive);
    Dataset<Row> faces = SparkFaces.find(images, "lite");
    faces.write().parquet(output);
  }

  static OperatingPoint calibrate(Dataset<Row> samples, String modelId, Path file) {
    double[] thresholds = {0.30, 0.35, 0.40, 0.45, 0.50};
    ThresholdCounts counts = SparkPairs.within(samples, thresholds); // person, embedding
    for (double threshold : counts.thresholds()) {
      System.out.println(threshold + " " + counts.fmr(threshold) + " " + counts.fnmr(threshold));
    }
    OperatingPoint point = counts.operatingPoint(modelId, 0.45, "our archive, 2026");
    OperatingPointFile.write(point, file);
    return point;
  }

  static FaceAlbums albums(Dataset<Row> faces, int count, double threshold) {
    Dataset<Row> links = SparkPairs.neighbors(faces, threshold); // id, image, embedding
    FaceGraph.Builder graph = FaceGraph.builder(count, threshold); // ids from 0 to count - 1
    for (Iterator<Row> each = faces.select("id", "image").toLocalIterator(); each.hasNext(); ) {
      Row face = each.next();
      graph.image((int) face.getLong(0), face.getLong(1));
    }
    for (Iterator<Row> each = links.toLocalIterator(); each.hasNext(); ) {
      Row link = each.next();
      graph.link((int) link.getLong(0), (int) link.getLong(1), link.getDouble(2));
    }
    return FaceAlbums.of(graph.build());
  }

  static void enroll(Dataset<Row> faces, FaceGallery gallery) {
    List<GalleryEntry> batch = new ArrayList<>();
    for (Iterator<Row> each = faces.where("status = 'OK'").toLocalIterator(); each.hasNext(); ) {
      Row row = each.next();
      FaceEmbedding face = FaceEmbedding.fromBytes(row.getAs("embedding"));
      batch.add(new GalleryEntry(row.getAs("path"), "face " + row.getAs("face"), face));
      if (batch.size() == 10_000 || !each.hasNext()) {
        gallery.enroll(batch);
        batch.clear();
      }
    }
  }
}
