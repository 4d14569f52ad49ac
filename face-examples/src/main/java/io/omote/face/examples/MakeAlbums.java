// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.Album;
import io.omote.face.FaceAlbums;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGraph;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.models.ModelZoo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Groups the faces of several images by person. Arguments: IMAGE... */
public class MakeAlbums {
  public static void main(String[] args) {
    List<Path> images = Stream.of(args).map(Path::of).toList();
    FaceModels models = ModelZoo.lite();
    List<FaceEmbedding> faces = new ArrayList<>();
    try (FaceDetector detector = FaceDetector.create(models);
        FaceEmbedder embedder = FaceEmbedder.create(models)) {
      for (Path file : images) {
        FaceImage image = FaceImage.read(file);
        faces.addAll(embedder.embed(image, detector.detect(image)));
      }
    }
    double threshold = models.atFmr(1e-4).threshold();
    FaceAlbums albums = FaceAlbums.of(FaceGraph.of(faces, threshold));
    for (Album album : albums.albums()) {
      System.out.println(album.person().orElse("unnamed") + ", faces: " + album.faces().size());
    }
    System.out.println("in no album: " + albums.ungrouped().size());
  }
}
