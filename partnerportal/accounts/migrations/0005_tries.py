from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_key_says_where_its_deliveries_go'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('address', models.CharField(max_length=64)),
                ('number', models.PositiveIntegerField(default=0)),
                ('locks', models.PositiveIntegerField(default=0)),
                ('last_at', models.DateTimeField(db_index=True)),
                ('locked_until', models.DateTimeField(null=True)),
                ('staff', models.ForeignKey(null=True, on_delete=models.CASCADE, related_name='tries', to=settings.AUTH_USER_MODEL)),
            ],
            options={'verbose_name_plural': 'tries'},
        ),
    ]
