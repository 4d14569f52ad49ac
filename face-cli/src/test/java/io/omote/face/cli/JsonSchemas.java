// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The schemas of what commands print, closed: a new key must be in the schema. */
final class JsonSchemas {
  private JsonSchemas() {}

  /** Checks each line of JSON with a schema. */
  static void assertValid(String name, String lines) throws IOException {
    assertThat(lines).isNotBlank();
    Schema schema = closed(name);
    for (String line : lines.lines().toList()) {
      assertThat(schema.validate(line, InputFormat.JSON)).as(line).isEmpty();
    }
  }

  /** Checks a file that is one JSON object. */
  static void assertValidFile(String name, Path file) throws IOException {
    List<?> problems = closed(name).validate(Files.readString(file), InputFormat.JSON);
    assertThat(problems).as(file.toString()).isEmpty();
  }

  static Schema closed(String name) throws IOException {
    try (InputStream file =
        Omote.class.getResourceAsStream("/io/omote/face/cli/schema/" + name + ".json")) {
      JsonElement schema =
          JsonParser.parseString(new String(file.readAllBytes(), StandardCharsets.UTF_8));
      close(schema);
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(schema.toString(), InputFormat.JSON);
    }
  }

  private static void close(JsonElement schema) {
    if (schema.isJsonArray()) {
      schema.getAsJsonArray().forEach(JsonSchemas::close);
    }
    if (schema.isJsonObject()) {
      JsonObject object = schema.getAsJsonObject();
      object.entrySet().forEach(member -> close(member.getValue()));
      if (object.has("properties")) {
        object.addProperty("additionalProperties", false);
      }
    }
  }
}
