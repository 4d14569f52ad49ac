// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import java.io.IOException;
import java.nio.file.Path;

/** Main class of a process that runs each command. */
final class AllCommands {
  private AllCommands() {}

  /**
   * Takes a folder with {@code people}, which has a folder of samples for each person, and an image
   * of one pixel.
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    Path people = folder.resolve("people");
    Path one = people.resolve("collins/1.jpg");
    Path other = people.resolve("collins/3.png");
    Path gallery = folder.resolve("gallery");
    require(0, Run.of(new Compare(), one, people.resolve("collins/2.jpg")));
    require(0, Run.of(new Detect(), one, other, "--drawings", folder.resolve("detected")));
    require(0, Run.of(new Detect(), folder.resolve("pixel.webp")));
    require(0, Run.of(new Detect(), one, "--drawing", folder.resolve("one.bmp")));
    require(0, Run.of(new Analyze(), one, "--drawing", folder.resolve("analyzed.jpg")));
    require(0, Run.of(new Enroll(), gallery, people));
    require(0, Run.of(new Embed(), people, "--output", folder.resolve("faces.jsonl")));
    require(0, Run.of(new Gallery(), gallery, "--export", folder.resolve("export.jsonl")));
    require(
        0,
        Run.of(new Gallery(), folder.resolve("copy"), "--import", folder.resolve("export.jsonl")));
    require(0, Run.of(new Identify(), gallery, one, "--threshold", "0.4"));
    require(0, Run.of(new Albums(), people, "--sheet", folder.resolve("sheet")));
    for (String how : new String[] {"blur", "mosaic", "fill"}) {
      require(0, Run.of(new Blur(), one, other, "--how", how, "--output", folder.resolve(how)));
    }
    require(
        0,
        Run.of(
            new Evaluate(),
            people,
            "--output",
            folder.resolve("evaluated"),
            "--scores",
            "--crops"));
    require(
        0,
        Run.of(
            new Calibrate(),
            people,
            "--fmr",
            "0.9",
            "--operating-point",
            folder.resolve("point.json")));
    System.exit(0); // like the commands, so that shutdown hooks of the libraries run
  }

  private static void require(int exitCode, Run run) {
    if (run.exitCode() != exitCode) {
      System.err.println(run);
      System.exit(1);
    }
  }
}
