// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.models.Manifest.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipMembersTest {
  private static final byte[] CONTENT = {1, 2, 3, 4};
  private static final Entry WANTED =
      new Entry("a.onnx", CONTENT.length, TestPack.sha256(CONTENT), "detection", List.of());

  @TempDir Path temp;

  private ZipMembers open(Map<String, byte[]> members) throws IOException {
    return open(Files.write(temp.resolve("test.zip"), TestPack.zip(members)));
  }

  private static ZipMembers open(Path zip) throws IOException {
    return ZipMembers.open(ZipFile.builder().setPath(zip));
  }

  private static Map<String, byte[]> members(String... names) {
    Map<String, byte[]> members = new LinkedHashMap<>();
    for (String name : names) {
      members.put(name, CONTENT);
    }
    return members;
  }

  @Test
  void find_inFolder_isFoundByItsName() throws IOException {
    try (ZipMembers members = open(members("x/b.onnx", "x/y/a.onnx", "x/a.onnx.txt"));
        InputStream stream = members.read(members.find(WANTED))) {
      assertThat(stream.readAllBytes()).isEqualTo(CONTENT);
    }
  }

  @Test
  void find_none_isRefused() throws IOException {
    try (ZipMembers members = open(members("b.onnx"))) {
      assertThatThrownBy(() -> members.find(WANTED))
          .hasMessageContaining("expected one member named a.onnx, found 0");
    }
  }

  @Test
  void find_two_isRefused() throws IOException {
    try (ZipMembers members = open(members("x/a.onnx", "y/a.onnx"))) {
      assertThatThrownBy(() -> members.find(WANTED))
          .hasMessageContaining("expected one member named a.onnx, found 2");
    }
  }

  @Test
  void find_anotherSize_isRefused() throws IOException {
    try (ZipMembers members = open(Map.of("a.onnx", new byte[5]))) {
      assertThatThrownBy(() -> members.find(WANTED))
          .isInstanceOf(ModelIntegrityException.class)
          .hasMessageContaining("expected 4 bytes for a.onnx in the archive, found 5");
    }
  }

  @Test
  void open_pathsOutside_areRefused() {
    for (String name :
        List.of("../a.onnx", "x/../../a.onnx", "/a.onnx", "C:\\a.onnx", "x\\..\\a.onnx")) {
      assertThatThrownBy(() -> open(members("b.onnx", name)))
          .as(name)
          .hasMessageContaining("a member has an absolute path, or a path with '..'");
    }
  }

  @Test
  void open_link_isRefused() throws IOException {
    Path zip = temp.resolve("link.zip");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
      ZipArchiveEntry link = new ZipArchiveEntry("a.onnx");
      link.setUnixMode(0120777);
      out.putArchiveEntry(link);
      out.write("/etc/passwd".getBytes(StandardCharsets.UTF_8));
      out.closeArchiveEntry();
    }

    assertThatThrownBy(() -> open(zip)).hasMessageContaining("a member is a link");
  }

  @Test
  void find_bomb_isRefused() throws IOException {
    int size = 10_000_000;
    Path zip = temp.resolve("bomb.zip");
    try (OutputStream file = Files.newOutputStream(zip);
        ZipOutputStream out = new ZipOutputStream(file)) {
      out.putNextEntry(new ZipEntry("a.onnx"));
      out.write(new byte[size]);
      out.closeEntry();
    }
    try (ZipMembers members = open(zip)) {
      Entry wanted = new Entry("a.onnx", size, WANTED.sha256(), "detection", List.of());
      assertThatThrownBy(() -> members.find(wanted))
          .hasMessageContaining("would grow to more than 100 times its size");
    }
  }

  @Test
  void open_tooManyMembers_isRefused() throws IOException {
    Path zip = temp.resolve("many.zip");
    try (OutputStream file = Files.newOutputStream(zip);
        ZipOutputStream out = new ZipOutputStream(file)) {
      for (int i = 0; i <= 10_000; i++) {
        out.putNextEntry(new ZipEntry("x" + i));
        out.closeEntry();
      }
    }

    assertThatThrownBy(() -> open(zip)).hasMessageContaining("rejected: it has 10001 members");
  }

  @Test
  void open_hugeInTotal_isRefused() throws IOException {
    byte[] zip = TestPack.zip(members("a.onnx", "b", "c"));
    // Each entry of the table of contents says that its member has almost 4 GiB.
    ByteBuffer table = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at + 28 <= zip.length; at++) {
      if (table.getInt(at) == 0x02014b50) {
        table.putInt(at + 24, 0xfffffff0);
      }
    }
    Path file = Files.write(temp.resolve("huge.zip"), zip);

    assertThatThrownBy(() -> open(file))
        .hasMessageContaining("rejected: its members have more than 8589934592 bytes");
  }

  @Test
  void open_garbage_isRefused() throws IOException {
    Path zip = Files.write(temp.resolve("garbage.zip"), new byte[1000]);

    assertThatThrownBy(() -> open(zip)).isInstanceOf(IOException.class);
  }
}
