from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_append_only_audit"),
    ]

    operations = [
        migrations.AddField(
            model_name="association",
            name="case_notice",
            field=models.TextField(
                blank=True,
                help_text="Stands beside the box in which a case is written: whom to call when somebody is in danger, and what the law where you are asks to be reported. Markdown. Leave empty for a sentence of ours that names no law. That nobody is on watch round the clock is always said.",
                max_length=1500,
                verbose_name="about crises and duties to report",
            ),
        ),
    ]
