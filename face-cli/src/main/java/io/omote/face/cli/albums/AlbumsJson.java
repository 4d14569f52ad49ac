// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.albums;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.omote.face.Album;
import io.omote.face.BoundingBox;
import io.omote.face.FaceAlbums;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Albums as JSON Lines. Stateless and thread-safe. */
public final class AlbumsJson {
  private static final Gson JSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  private AlbumsJson() {}

  /** The parts in this order are the form of an album. */
  private record AlbumLine(@Nullable String person, List<Member> faces) {}

  private record Member(String image, float[] box, double similarity) {}

  /** The last line: faces that are in no album. */
  private record UngroupedLine(List<Single> ungrouped) {}

  private record Single(String image, float[] box) {}

  /** A line for each album, and one for the faces that are in none. */
  public static Stream<String> lines(List<FaceInImage> faces, FaceAlbums albums) {
    return Stream.concat(
            albums.albums().stream().map(album -> line(faces, album)),
            Stream.of(
                new UngroupedLine(
                    albums.ungrouped().stream()
                        .map(faces::get)
                        .map(face -> new Single(face.image(), corners(face.box())))
                        .toList())))
        .map(JSON::toJson);
  }

  private static Object line(List<FaceInImage> faces, Album album) {
    return new AlbumLine(
        album.person().orElse(null),
        album.faces().stream()
            .map(
                proposal ->
                    new Member(
                        faces.get(proposal.face()).image(),
                        corners(faces.get(proposal.face()).box()),
                        proposal.similarity()))
            .toList());
  }

  private static float[] corners(BoundingBox box) {
    return new float[] {box.left(), box.top(), box.right(), box.bottom()};
  }
}
