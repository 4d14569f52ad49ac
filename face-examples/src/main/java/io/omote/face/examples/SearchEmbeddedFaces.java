// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceMatcher;
import io.omote.face.models.ModelZoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;

/** Finds a person in the images that {@code omote embed} went through. Arguments: FACES IMAGE. */
public class SearchEmbeddedFaces {
  public static void main(String[] args) throws IOException {
    Path faces = Path.of(args[0]);
    try (FaceMatcher matcher = FaceMatcher.create(ModelZoo.lite());
        Stream<String> lines = Files.lines(faces)) {
      FaceEmbedding probe = matcher.embed(Path.of(args[1])).orElseThrow();
      lines
          .map(line -> JsonParser.parseString(line).getAsJsonObject())
          .filter(line -> line.has("faces")) // neither the first line nor an error
          .forEach(line -> print(line, probe));
    }
  }

  private static void print(JsonObject line, FaceEmbedding probe) {
    for (JsonElement face : line.getAsJsonArray("faces")) {
      JsonElement text = face.getAsJsonObject().get("embedding");
      if (text != null) { // a face whose points coincide has none
        byte[] bytes = Base64.getDecoder().decode(text.getAsString());
        double similarity = FaceEmbedding.fromBytes(bytes).similarity(probe);
        System.out.println(line.get("image").getAsString() + " " + similarity);
      }
    }
  }
}
