// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import com.google.gson.Gson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A pack for tests: its contents, its archive and its manifest. */
final class TestPack {
  static final String NAME = "tiny";
  static final String DETECTOR = "det_tiny.onnx";
  static final String RECOGNIZER = "rec_tiny.onnx";
  static final String EXTRA = "points_tiny.onnx";

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<String, List<Map<String, Object>>> sources = new LinkedHashMap<>();
  private final List<Map<String, Object>> archives = new ArrayList<>();
  private boolean commercial = true;
  private List<String> detector = List.of(DETECTOR);
  private String recognizer = RECOGNIZER;

  /** Creates a pack of random contents, which do not compress. */
  static TestPack ofNoise() {
    TestPack pack = new TestPack();
    Random random = new Random(4);
    for (String name : List.of(DETECTOR, RECOGNIZER, EXTRA)) {
      byte[] noise = new byte[200_000 + pack.files.size() * 50_000];
      random.nextBytes(noise);
      pack.files.put(name, noise);
    }
    return pack;
  }

  /** Creates a pack of real networks: a detector with one or two files, and a recognizer. */
  static TestPack of(Map<String, byte[]> detector, String name, byte[] recognizer) {
    TestPack pack = new TestPack();
    pack.files.putAll(detector);
    pack.detector = List.copyOf(detector.keySet());
    pack.recognizer = name;
    pack.files.put(name, recognizer);
    return pack;
  }

  /** A file that comparing faces does not need. */
  TestPack with(String name, byte[] content) {
    files.put(name, content);
    return this;
  }

  byte[] content(String name) {
    return files.get(name);
  }

  int size(String name) {
    return files.get(name).length;
  }

  TestPack nonCommercial() {
    commercial = false;
    return this;
  }

  /** Adds a source to all files: each on its own below an address. */
  TestPack singleFiles(URI base) {
    files.keySet().forEach(name -> source(name, Map.of("url", base + name)));
    return this;
  }

  /** Adds a source to all files: an archive. */
  TestPack archive(String name, URI url, byte[] zip) {
    archives.add(Map.of("name", name, "url", url, "size", zip.length, "sha256", sha256(zip)));
    files.keySet().forEach(file -> source(file, Map.of("archive", name)));
    return this;
  }

  private void source(String file, Map<String, Object> source) {
    sources.computeIfAbsent(file, f -> new ArrayList<>()).add(source);
  }

  /** Returns a flat zip, or one with a folder, like the published ones. */
  byte[] zip(String folder) {
    Map<String, byte[]> members = new LinkedHashMap<>();
    files.forEach((name, content) -> members.put(folder + name, content));
    return zip(members);
  }

  static byte[] zip(Map<String, byte[]> members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        ZipEntry entry = new ZipEntry(member.getKey());
        // Stored without compression, so that tests know how many bytes are transferred.
        entry.setMethod(ZipEntry.STORED);
        CRC32 crc = new CRC32();
        crc.update(member.getValue());
        entry.setCrc(crc.getValue());
        entry.setSize(member.getValue().length);
        zip.putNextEntry(entry);
        zip.write(member.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static String sha256(byte[] content) {
    MessageDigest digest = Hashes.newDigest();
    return HexFormat.of().formatHex(digest.digest(content));
  }

  Map<String, Object> manifest() {
    List<Map<String, Object>> entries = new ArrayList<>();
    files.forEach(
        (name, content) ->
            entries.add(
                Map.of(
                    "name", name,
                    "size", content.length,
                    "sha256", sha256(content),
                    "purpose", purpose(name),
                    "sources", sources.get(name))));
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("name", NAME);
    manifest.put("description", "a pack for tests");
    manifest.put(
        "license",
        Map.of(
            "name", "Test license",
            "url", "https://example.org/license",
            "commercialUse", commercial,
            "attribution", "nobody"));
    manifest.put("archives", archives);
    manifest.put("files", entries);
    manifest.put(
        "detector",
        Map.of(
            "family",
            detector.size() == 1 ? "scrfd" : "ultralight",
            "files",
            detector,
            "inputSizes",
            List.of()));
    manifest.put(
        "recognizer",
        Map.of(
            "file",
            recognizer,
            "mean",
            127.5,
            "scale",
            127.5,
            "threshold",
            0.35,
            "thresholdCalibrated",
            false,
            "thresholdSource",
            "none",
            "operatingPoints",
            List.of()));
    return manifest;
  }

  private String purpose(String name) {
    if (detector.contains(name)) {
      return "detection";
    }
    return name.equals(recognizer) ? "recognition" : "landmarks";
  }

  Path write(Path folder) {
    return write(folder, manifest());
  }

  static Path write(Path folder, Map<String, Object> manifest) {
    try {
      return Files.writeString(folder.resolve(NAME + ".json"), new Gson().toJson(manifest));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
