// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.albums;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.omote.face.Album;
import io.omote.face.BoundingBox;
import io.omote.face.FaceAlbums;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Albums as JSON objects. Stateless and thread-safe. */
public final class AlbumsJson {
  private static final Gson JSON = new GsonBuilder().serializeNulls().create();

  private AlbumsJson() {}

  /** An object for an album with its keys in this order. */
  private record AlbumObject(@Nullable String person, List<Member> faces) {}

  private record Member(String image, float[] box, double similarity) {}

  /** The last object, for the faces in no album. */
  private record Rest(List<Single> ungrouped, List<Poor> leftOut) {}

  private record Single(String image, float[] box) {}

  private record Poor(String image, float[] box, List<String> reasons) {}

  /**
   * Returns an object for each album, and one for the faces in no album.
   *
   * @param faces all faces
   * @param grouped the indices of the faces that were grouped
   * @param albums the albums of the grouped faces
   * @param leftOut why each other face was left out, by its index
   */
  public static Stream<JsonObject> objects(
      List<FaceLocation> faces,
      List<Integer> grouped,
      FaceAlbums albums,
      Map<Integer, List<String>> leftOut) {
    List<FaceLocation> locations = grouped.stream().map(faces::get).toList();
    Rest rest =
        new Rest(
            albums.ungrouped().stream()
                .map(locations::get)
                .map(face -> new Single(face.name(), corners(face.box())))
                .toList(),
            leftOut.entrySet().stream().map(face -> poor(faces, face)).toList());
    return Stream.concat(
            albums.albums().stream().map(album -> object(locations, album)), Stream.of(rest))
        .map(object -> JSON.toJsonTree(object).getAsJsonObject());
  }

  private static Object object(List<FaceLocation> locations, Album album) {
    return new AlbumObject(
        album.person().orElse(null),
        album.faces().stream()
            .map(
                proposal ->
                    new Member(
                        locations.get(proposal.face()).name(),
                        corners(locations.get(proposal.face()).box()),
                        proposal.similarity()))
            .toList());
  }

  private static Poor poor(List<FaceLocation> faces, Map.Entry<Integer, List<String>> face) {
    FaceLocation location = faces.get(face.getKey());
    return new Poor(location.name(), corners(location.box()), face.getValue());
  }

  private static float[] corners(BoundingBox box) {
    return new float[] {box.left(), box.top(), box.right(), box.bottom()};
  }
}
