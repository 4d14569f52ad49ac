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

  /** A line for an album with its keys in this order. */
  private record AlbumLine(@Nullable String person, List<Member> faces) {}

  private record Member(String image, float[] box, double similarity) {}

  /** The last line, for the faces in no album. */
  private record UngroupedLine(List<Single> ungrouped) {}

  private record Single(String image, float[] box) {}

  /** Returns a line for each album, and one for the faces in no album. */
  public static Stream<String> lines(List<FaceLocation> faces, FaceAlbums albums) {
    return Stream.concat(
            albums.albums().stream().map(album -> line(faces, album)),
            Stream.of(
                new UngroupedLine(
                    albums.ungrouped().stream()
                        .map(faces::get)
                        .map(face -> new Single(face.name(), corners(face.box())))
                        .toList())))
        .map(JSON::toJson);
  }

  private static Object line(List<FaceLocation> faces, Album album) {
    return new AlbumLine(
        album.person().orElse(null),
        album.faces().stream()
            .map(
                proposal ->
                    new Member(
                        faces.get(proposal.face()).name(),
                        corners(faces.get(proposal.face()).box()),
                        proposal.similarity()))
            .toList());
  }

  private static float[] corners(BoundingBox box) {
    return new float[] {box.left(), box.top(), box.right(), box.bottom()};
  }
}
