// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.GeneratedModels;
import io.omote.face.ModelException;
import io.omote.face.description.EmbedderModel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * An application that uses this library together with other code. Arguments: a folder, which
 * application. Prints {@code ok}, or the exception of this library.
 */
final class Host {
  private Host() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    try {
      switch (arguments[1]) {
        case "environment-first" -> {
          OrtEnvironment.getEnvironment();
          embed(folder);
        }
        case "environment-later" -> {
          embed(folder);
          System.out.println("environment " + OrtEnvironment.getEnvironment().getVersion());
          embed(folder);
        }
        case "engines" -> {
          embed(folder);
          System.out.println(
              "engines " + Engine.getAllEngines() + " default " + Engine.getDefaultEngineName());
        }
        case "decode-jpg", "decode-png", "decode-bmp" -> decode(arguments[1].substring(7));
        case "embed" -> embed(folder);
        case "embed-from-memory" -> embedFromMemory(folder);
        case "embed-unlistable" -> {
          try (Stream<Path> files = Files.list(folder)) {
            System.out.println("listed " + files.count());
          } catch (AccessDeniedException e) {
            System.out.println(e);
          }
          embed(folder);
        }
        default -> throw new IllegalArgumentException(arguments[1]);
      }
      System.out.println("ok");
    } catch (FaceException first) {
      System.out.println(first);
    }
  }

  private static void embed(Path folder) throws Exception {
    embed(GeneratedModels.embedder(folder));
  }

  /** From an archive; once more as a file that ONNX Runtime refuses. */
  private static void embedFromMemory(Path folder) throws Exception {
    URI zip = URI.create("jar:" + folder.resolve("models.zip").toUri());
    try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Path inside = archive.getPath("generated.onnx");
      Files.write(inside, GeneratedModels.embedderBytes());
      embed(EmbedderModel.of(inside));
      String text = Files.readString(inside, StandardCharsets.ISO_8859_1);
      Files.writeString(inside, text.replace("Flatten", "Fletten"), StandardCharsets.ISO_8859_1);
      try {
        embed(EmbedderModel.of(inside));
      } catch (ModelException e) {
        return;
      }
      throw new AssertionError("an unknown operator was run");
    }
  }

  private static void embed(EmbedderModel model) {
    try (FaceEmbedder embedder = FaceEmbedder.builder(model).build()) {
      embedder.embedAligned(FaceImage.ofBgr(new byte[3 * 112 * 112], 112, 112));
    }
  }

  private static void decode(String format) throws Exception {
    ImageIO.setUseCache(false);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(64, 48, BufferedImage.TYPE_3BYTE_BGR), format, out);
    FaceImage.read(out.toByteArray());
  }
}
