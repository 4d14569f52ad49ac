// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All texts are American English, and summaries say what a method does. */
class GlossaryTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** Files that people read. */
  private static final Pattern TEXTS =
      Pattern.compile(".*\\.(md|java|html|js|css|json|sql|properties|xml)");

  /**
   * Spellings and habits that a machine can see, each with what to write instead. A pattern is here
   * only if it is wrong wherever it occurs.
   */
  private static final List<Word> WORDS =
      List.of(
          // One name for one thing.
          new Word("pictur", "image"),
          new Word("recognition network", "recognizer"),
          new Word("wrong options", "invalid options"),
          // American spelling.
          new Word("enrol", "\\benrol(?!l)", "enroll"),
          new Word("licence", "license"),
          new Word("colour", "color"),
          new Word("centre", "\\bcentre", "center"),
          new Word("grey", "\\bgrey", "gray"),
          new Word("neighbour", "neighbor"),
          new Word("behaviour", "behavior"),
          new Word("labell", "label"),
          new Word("analys", "\\banalys(e|ed|ing)\\b", "analyze"),
          new Word("recognis", "recogniz"),
          new Word("normalis", "normaliz"),
          new Word("optimis", "optimis(?!t|m)", "optimiz"),
          // Words of other times.
          new Word("anew", "\\banew\\b", "again"),
          new Word("reckon", "\\breckon", "compute"),
          new Word("mend", "\\bmend(s|ed|ing)?\\b", "fix"),
          new Word("whom", "\\bwhom\\b", "a sentence without it"),
          new Word("whoever", "the caller, you, the operator"),
          new Word("whatever", "any, regardless of"),
          // Articles that a replaced word leaves behind.
          new Word("a image", "\\ba image", "an image"),
          new Word("an pi", "\\ban (picture|pixel)", "a"),
          // Translated phrases.
          new Word("tell", "\\btells? (what|whether|which|how)\\b", "shows, identifies, decides"),
          new Word("taken for", "considered, identified as"),
          new Word("replace", "\\breplace \\S+ by\\b", "replace ... with"),
          new Word("is this", "\\bis this another\\b", "check that ..."),
          new Word("which would be lost", "already exists"),
          new Word("from which on", "at which"),
          new Word(" on", "\\bgoes? on\\b", "continues, resumes"),
          new Word("stand", "\\bstands? in\\b(?! for)", "is in"),
          new Word("side by side", "in parallel"),
          new Word("of none", "\\bof none\\b", "of no"),
          new Word("is none", "(?<!\\bthere )\\bis none\\b", "is not one, is invalid"),
          // One image at a time is English.
          new Word(
              "at a time",
              "(?<!\\b(one|single|two|four|eight)( [a-z]{1,20})?( [a-z]{1,20})? )\\bat a time\\b",
              "concurrently, at once"));

  /** How a summary begins that is a question or half a sentence. */
  private static final Pattern QUESTION =
      Pattern.compile(
          "(Whether|What|How|Who|Whose|Why|Where|Which|When|If|Of|From|For|With|As|So|By|In|To"
              + "|Says?|Tells?|Makes an?)\\b.*",
          Pattern.DOTALL);

  /** How the summary of a method begins: a verb in the third person. */
  private static final Pattern VERB =
      Pattern.compile("(\\{@(return|inheritDoc)|[A-Z][a-z]+s\\b|Does not\\b).*", Pattern.DOTALL);

  /** The place between two words of an identifier, such as readAnImage. */
  private static final Pattern HUMP =
      Pattern.compile("(?<=[a-z])(?=[A-Z])|(?<=\\bA|[a-z]A)(?=[A-Z][a-z])");

  private static final List<Path> FILES = new ArrayList<>();

  /**
   * What to write instead of a word.
   *
   * @param stem what all forms of the word have in common, to find them fast
   * @param pattern the word, in a text of {@link #sentences}
   * @param instead what to write
   */
  private record Word(String stem, Pattern pattern, String instead) {
    Word(String stem, String regex, String instead) {
      this(stem, Pattern.compile(regex.replace(" ", "[ \\n]")), instead);
    }

    Word(String stem, String instead) {
      this(stem, stem, instead);
    }

    Stream<String> findIn(String sentences) {
      return pattern
          .matcher(sentences)
          .results()
          .map(
              found ->
                  String.format(
                      Locale.ROOT,
                      "%d: \"%s\", write: %s",
                      sentences.substring(0, found.end()).lines().count(),
                      found.group().replace('\n', ' '),
                      instead));
    }
  }

  @BeforeAll
  static void findFiles() throws IOException {
    assumeThat(ROOT.resolve("face-core/src/main/java"))
        .as("the sources of the project, which this test reads")
        .isDirectory();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            return !folder.equals(ROOT) && (name.startsWith(".") || name.equals("target"))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (TEXTS.matcher(name).matches() && !name.equals("GlossaryTest.java")) {
              FILES.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Test
  void texts_haveNoWordThatTheGlossaryReplaces() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : FILES) {
      findIn(Files.readString(file)).forEach(word -> found.add(ROOT.relativize(file) + ":" + word));
    }
    assertThat(found).isEmpty();
  }

  private static Stream<String> findIn(String text) {
    String sentences = sentences(text);
    String line = sentences.replace('\n', ' ');
    return WORDS.stream()
        .filter(word -> line.contains(word.stem()))
        .flatMap(word -> word.findIn(sentences));
  }

  /**
   * Returns the lines of a text, in small letters, without what begins each line of a comment, and
   * with the words of an identifier apart.
   */
  private static String sentences(String text) {
    return text.lines()
        .map(String::strip)
        .map(line -> line.startsWith("* ") ? line.substring(2) : line)
        .map(line -> line.startsWith("// ") ? line.substring(3) : line)
        .map(line -> HUMP.matcher(line).replaceAll(" "))
        .collect(Collectors.joining("\n"))
        .toLowerCase(Locale.ROOT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "the colour of a picture",
        "enrolment",
        "the recognition network",
        "the similarity from which on two faces match",
        "the format is none",
        "As many calls as processors work at a\n * time.",
        "what stands in the header",
        "a file that is not a image",
        "void read_ofAImage()",
        "void call_boundsTheCallsAtATime()",
        "a property that tells whether",
        "a face that is taken for another",
        "replace onnxruntime by onnxruntime_gpu"
      })
  void words_areFound(String text) {
    assertThat(findIn(text)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "enrollment of 600 images",
        "an optimistic estimate",
        "one at a time",
        "If you embed one image at a time, use all processors.",
        "empty if there is none",
        "a mock that stands in for a camera",
        "photographer_grey.png",
        "void read_ofAnImage()",
        "the pool is replaced by another",
        "too few to tell people apart"
      })
  void english_isNotFound(String text) {
    assertThat(findIn(text)).isEmpty();
  }

  /** Of main code, in any place: what is not public is read, too. */
  @Test
  void summaries_areNoQuestions_andThoseOfMethodsAreVerbs() throws IOException {
    List<Path> sources =
        FILES.stream()
            .filter(file -> file.toString().endsWith(".java"))
            .filter(file -> file.toString().replace('\\', '/').contains("/src/main/java/"))
            .toList();
    List<String> found = new ArrayList<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources));
      Summaries summaries = new Summaries(DocTrees.instance(task), found);
      for (CompilationUnitTree unit : task.parse()) {
        summaries.scan(unit, null);
      }
    }
    assertThat(found.stream().sorted()).isEmpty();
  }

  /** Looks at the documentation of types and their members. */
  private static final class Summaries extends TreePathScanner<Void, Void> {
    private final DocTrees trees;
    private final List<String> found;

    Summaries(DocTrees trees, List<String> found) {
      this.trees = trees;
      this.found = found;
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
      check(type, false);
      return super.visitClass(type, unused);
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      check(method, isVisible(method));
      return super.visitMethod(method, unused);
    }

    @Override
    public Void visitVariable(VariableTree variable, Void unused) {
      check(variable, false);
      return super.visitVariable(variable, unused);
    }

    private boolean isVisible(MethodTree method) {
      return method.getModifiers().getFlags().contains(Modifier.PUBLIC)
          || method.getModifiers().getFlags().contains(Modifier.PROTECTED)
          || getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.INTERFACE;
    }

    private void check(Tree tree, boolean asVerb) {
      TreePath path = getCurrentPath();
      String comment = trees.getDocComment(path);
      if (comment == null) {
        return;
      }
      String summary = comment.strip();
      String problem = null;
      if (QUESTION.matcher(summary).matches()) {
        problem = "begins like a question or half a sentence, write what it is or does";
      } else if (asVerb && !VERB.matcher(summary).matches()) {
        problem = "does not begin with a verb in the third person";
      }
      if (problem != null) {
        CompilationUnitTree unit = path.getCompilationUnit();
        LineMap lines = unit.getLineMap();
        found.add(
            String.format(
                Locale.ROOT,
                "%s:%d: the summary \"%s\" %s",
                ROOT.relativize(Path.of(unit.getSourceFile().toUri())),
                lines.getLineNumber(trees.getSourcePositions().getStartPosition(unit, tree)),
                summary.lines().findFirst().orElse(""),
                problem));
      }
    }
  }
}
