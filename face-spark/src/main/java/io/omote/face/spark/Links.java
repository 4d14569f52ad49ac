// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceGraph;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** The nearest neighbors of a face among those compared so far. Immutable and thread-safe. */
final class Links implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] ids;
  private final double[] similarities;

  Links(long[] ids, double[] similarities) {
    this.ids = ids;
    this.similarities = similarities;
  }

  /** Returns the nearest of both, by descending similarity and then by ascending id. */
  Links merge(Links other) {
    List<Link> nearest =
        Stream.concat(links(), other.links())
            .sorted(Comparator.comparingDouble(Link::similarity).reversed().thenComparing(Link::id))
            .limit(FaceGraph.NEIGHBORS)
            .toList();
    return new Links(
        nearest.stream().mapToLong(Link::id).toArray(),
        nearest.stream().mapToDouble(Link::similarity).toArray());
  }

  private Stream<Link> links() {
    return IntStream.range(0, ids.length).mapToObj(i -> new Link(ids[i], similarities[i]));
  }

  /** Returns a row for each link. */
  Stream<Row> rows(long face) {
    return links().map(link -> RowFactory.create(face, link.id, link.similarity));
  }

  private record Link(long id, double similarity) {}
}
