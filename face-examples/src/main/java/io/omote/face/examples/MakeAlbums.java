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

/** Groups the faces of several images by person. Arguments: IMAGE... */
public class MakeAlbums {
  public static void main(String[] args) {
    FaceModels models = ModelZoo.lite();
    List<FaceEmbedding> faces = new ArrayList<>();
    List<String> images = new ArrayList<>(); // the image of each face
    try (FaceDetector detector = FaceDetector.create(models);
        FaceEmbedder embedder = FaceEmbedder.create(models)) {
      for (String name : args) {
        FaceImage image = FaceImage.read(Path.of(name));
        for (var face : detector.detect(image)) {
          faces.add(embedder.embed(image, face));
          images.add(name);
        }
      }
    }
    double threshold = models.albumPoint(faces.size()).threshold();
    FaceAlbums albums = FaceAlbums.of(FaceGraph.of(faces, images, threshold));
    for (Album album : albums.albums()) {
      System.out.println(album.person().orElse("unnamed") + ", faces: " + album.faces().size());
    }
    System.out.println("in no album: " + albums.ungrouped().size());
  }
}
