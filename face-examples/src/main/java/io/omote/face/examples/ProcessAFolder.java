// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.ImageException;
import io.omote.face.models.ModelZoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Counts the faces in all images of a folder, on all processors. Argument: FOLDER. */
public class ProcessAFolder {
  public static void main(String[] args) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(Path.of(args[0]))) {
      files = all.filter(Files::isRegularFile).toList();
    }
    try (FaceDetector detector = FaceDetector.create(ModelZoo.lite())) { // shared by the threads
      files.parallelStream().forEach(file -> count(detector, file));
    }
  }

  private static void count(FaceDetector detector, Path file) {
    try {
      int faces = detector.detect(FaceImage.read(file)).size();
      System.out.println(file + ", faces: " + faces);
    } catch (ImageException e) {
      System.err.println(e.getMessage()); // names the file; the others are still processed
    }
  }
}
