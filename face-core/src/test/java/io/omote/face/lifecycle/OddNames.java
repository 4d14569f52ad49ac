// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.GeneratedModels;
import io.omote.face.description.EmbedderModel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Opens files of unusual names in folders of unusual names. Arguments: a folder, whether to make
 * the files or to find them. Prints how many were opened.
 */
final class OddNames {
  private static final List<String> NAMES =
      List.of(
          "plain",
          "a b ",
          "#1",
          "50%25",
          "it's \"q\"",
          "two\nlines",
          "back\\slash",
          "gesicht-ü",
          "e\u0301",
          "顔",
          "\ufffd",
          "\ue000",
          "\uffff",
          "😀",
          "𠮷");

  static final int COUNT = NAMES.size();

  private OddNames() {}

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    if (arguments[1].equals("make")) {
      for (String name : NAMES) {
        Path folder = Files.createDirectory(root.resolve(name));
        GeneratedModels.detector(folder);
        Files.write(folder.resolve(name + ".onnx"), GeneratedModels.embedderBytes());
      }
    }
    int opened = 0;
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(root)) {
      for (Path folder : folders) {
        EmbedderModel model = FaceModels.ofDirectory(folder).embedder();
        try (FaceEmbedder embedder = FaceEmbedder.builder(model).build()) {
          embedder.embedAligned(FaceImage.ofBgr(new byte[3 * 112 * 112], 112, 112));
          opened++;
        }
      }
    }
    System.out.println(opened + " opened");
  }
}
